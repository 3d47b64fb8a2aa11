"""What eSMS's answers, receipts and citizens' replies say; pure.

Source of the shapes and codes: developers.esms.vn, as seen on 2026-04-07. In which class a code
stands (surely refused, refused for good, not known) is our reading of its meaning.
"""

import base64
import hashlib
import hmac
from datetime import datetime
from typing import Annotated

from pydantic import BaseModel, Field

from services.notify.ledger.receipts import unknown_word
from services.notify.ledger.records import Receipt
from services.notify.notification.states import State
from services.notify.providers.http.sending import MessageId
from services.notify.providers.posting import HttpAnswer
from services.notify.providers.provider import Accepted, Outcome
from services.notify.providers.reading import WIRE, NothingIfEmpty, read_answer, refused_by_code

_QUEUED = "100"
_REQUEST_EXISTS = "124"
_MISCONFIGURED = frozenset({"101", "102", "103", "104", "140", "143", "146", "177"})
"""Keys, price list, balance, brand name, address, lock, template, operator not registered."""
_FOR_GOOD = frozenset({"99", "107", "108", "118", "120", "201", "300"})
"""Of this message: a blocked number, the list's size, the number, the type, a blocked word."""

_REFUSED, _DONE = 4, 5
_UNDER_WAY = frozenset({1, 2, 7})
"""Of `SendStatus`: under review, queued, the operator's report awaited."""

_RequestId = Annotated[str, Field(pattern=r"^[!-~]{1,50}$")]
_Count = Annotated[int | None, Field(ge=0), NothingIfEmpty]


class _Said(BaseModel):
    model_config = WIRE

    code: Annotated[str, Field(alias="CodeResult", pattern=r"^[0-9]{1,5}$")]
    message_id: Annotated[MessageId | None, Field(alias="SMSID"), NothingIfEmpty] = None


def classify(answer: HttpAnswer, request_id: str) -> Outcome:
    """What an answer says of the SMS; it tells no price, and nothing without its CodeResult.

    "Request exist" (124) has no SMSID, for an earlier try of ours is there; receipts carry our id.
    """
    said = read_answer(answer, _Said)
    if not isinstance(said, _Said):
        return said
    if said.code == _QUEUED:
        return Accepted(said.message_id or request_id)
    if said.code == _REQUEST_EXISTS:
        return Accepted(request_id)
    return refused_by_code(said.code, _MISCONFIGURED, _FOR_GOOD)


class EsmsReceipt(BaseModel):
    """What eSMS asks the callback address with; the number in it is not read."""

    model_config = WIRE

    message_id: Annotated[MessageId, Field(alias="SMSID")]
    request_id: Annotated[_RequestId | None, Field(alias="RequestId"), NothingIfEmpty] = None
    status: Annotated[int, Field(alias="SendStatus")]
    succeeded: Annotated[_Count, Field(alias="SendSuccess")] = None
    failed: Annotated[_Count, Field(alias="SendFailed")] = None

    def receipt(self, now: datetime) -> Receipt | None:
        """None while it is under way; "done" says nothing without its counts."""
        if self.status == _REFUSED:
            return Receipt(State.UNDELIVERED, now, "undelivered_refused")
        if self.status in _UNDER_WAY:
            return None
        if self.status != _DONE:
            return unknown_word(f"status {self.status}", now)
        if self.failed:
            return Receipt(State.UNDELIVERED, now, "undelivered_failed")
        return Receipt(State.DELIVERED, now) if self.succeeded else None


class EsmsReply(BaseModel):
    """What eSMS asks the address for citizens' SMS with."""

    model_config = WIRE

    id: Annotated[MessageId, Field(alias="smsid")]
    sender: Annotated[str, Field(pattern=r"^[ -~]{0,20}$")]
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
