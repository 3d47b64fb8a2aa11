"""What eSMS's answers, receipts and citizens' replies say; pure.

Source of the shapes and codes: developers.esms.vn, as seen on 2026-04-07. In which class a code
stands (surely refused, refused for good, not known) is our reading of its meaning.
"""

import base64
import hashlib
import hmac
from datetime import datetime
from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from services.notify.providers.posting import Answer, refused_by_status
from services.notify.providers.provider import Accepted, Outcome, SurelyNotAccepted, Unknown
from services.notify.states import State
from services.notify.transaction import Receipt

_QUEUED = "100"
_REQUEST_EXISTS = "124"
_MISCONFIGURED = frozenset({"101", "102", "103", "104", "140", "143", "146", "177"})
"""Keys, price list, balance, brand name, address, lock, template, operator not registered."""
_FOR_GOOD = frozenset({"99", "107", "108", "118", "120", "201", "300"})
"""Of this message: a blocked number, the list's size, the number, the type, a blocked word."""

_REFUSED, _DONE = 4, 5
"""Of `SendStatus`; 1 is under review, 2 queued, 7 awaits the operator's report."""


def _nothing_if_empty(value: object) -> object:
    return None if value == "" else value


_Id = Annotated[str, Field(pattern=r"^[!-~]{1,100}$")]
_Count = Annotated[int | None, Field(ge=0), BeforeValidator(_nothing_if_empty)]


class _Said(BaseModel):
    model_config = ConfigDict(coerce_numbers_to_str=True, hide_input_in_errors=True)

    code: Annotated[str, Field(alias="CodeResult", pattern=r"^[0-9]{1,5}$")]
    message_id: Annotated[_Id | None, Field(alias="SMSID"), BeforeValidator(_nothing_if_empty)] = (
        None
    )


def classify(answer: Answer, request_id: str) -> Outcome:
    """What an answer says of the SMS; it tells no price, and nothing without its CodeResult.

    "Request exist" (124) has no SMSID, for an earlier try of ours is there; receipts carry our id.
    """
    if not 200 <= answer.status < 300:
        return refused_by_status(answer)
    try:
        said = _Said.model_validate_json(answer.body)
    except ValidationError:
        return Unknown("answer_unreadable")
    if said.code == _QUEUED:
        return Accepted(said.message_id or request_id)
    if said.code == _REQUEST_EXISTS:
        return Accepted(request_id)
    return _refused(said.code)


def _refused(code: str) -> Outcome:
    reason = f"provider_refused_{code}"
    if code in _MISCONFIGURED:
        return SurelyNotAccepted(reason, retryable=True)
    if code in _FOR_GOOD:
        return SurelyNotAccepted(reason, retryable=False)
    return Unknown(reason)


class EsmsReceipt(BaseModel):
    """What eSMS asks the callback address with; the number in it is not read."""

    model_config = ConfigDict(frozen=True, hide_input_in_errors=True)

    message_id: Annotated[_Id, Field(alias="SMSID")]
    request_id: Annotated[
        Annotated[str, Field(pattern=r"^[!-~]{1,50}$")] | None,
        Field(alias="RequestId"),
        BeforeValidator(_nothing_if_empty),
    ] = None
    status: Annotated[int, Field(alias="SendStatus")]
    succeeded: Annotated[_Count, Field(alias="SendSuccess")] = None
    failed: Annotated[_Count, Field(alias="SendFailed")] = None

    def receipt(self, now: datetime) -> Receipt | None:
        """None while it is under way; "done" says nothing without its counts."""
        if self.status == _REFUSED:
            return Receipt(State.UNDELIVERED, now, "undelivered_refused")
        if self.status != _DONE:
            return None
        if self.failed:
            return Receipt(State.UNDELIVERED, now, "undelivered_failed")
        return Receipt(State.DELIVERED, now) if self.succeeded else None


class EsmsReply(BaseModel):
    """What eSMS asks the address for citizens' SMS with."""

    model_config = ConfigDict(frozen=True, hide_input_in_errors=True)

    id: Annotated[_Id, Field(alias="smsid")]
    sender: Annotated[str, Field(max_length=20)]
    content: Annotated[str, Field(max_length=2_000)]
    contract: Annotated[str, Field(alias="cpid", max_length=100)]
    received: Annotated[str, Field(alias="receiverTime", max_length=30)]
    sign: Annotated[str, Field(max_length=100)]

    def is_signed_with(self, private_key: str) -> bool:
        """Base64(MD5(cpid + smsid + content + receiverTime + PrivateKey)), by eSMS's document.

        A plus that was not escaped in the query arrives as a space.
        """
        signed = f"{self.contract}{self.id}{self.content}{self.received}{private_key}"
        digest = hashlib.md5(signed.encode(), usedforsecurity=False).digest()
        shown = self.sign.replace(" ", "+").encode()
        return hmac.compare_digest(base64.b64encode(digest), shown)
