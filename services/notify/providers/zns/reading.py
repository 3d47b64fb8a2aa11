"""What Zalo's answers and webhook say of a notification (ZNS); pure.

Source: codes to -111 from zalo.cloud's guideline, all others and the shapes from clients and notes
that others published. In which class a code stands is our reading of it.
"""

import hashlib
import hmac
from datetime import datetime
from typing import Annotated

from pydantic import BaseModel, Field, ValidationError

from services.notify.ledger.records import Receipt
from services.notify.notification.states import State
from services.notify.providers.http.sending import MessageId
from services.notify.providers.posting import HttpAnswer
from services.notify.providers.provider import Accepted, Outcome, SurelyNotAccepted, Unknown
from services.notify.providers.reading import WIRE, NothingIfEmpty, read_answer, refused_by_code

TOKEN_REFUSED = SurelyNotAccepted("provider_refused_124", retryable=True)
_COME_AGAIN = frozenset({"124", "133", "144", "147"})
"""The access token, the night, the day's quota of the account or of the template."""
_MISCONFIGURED = frozenset(
    {"101", "102", "103", "104", "105", "115", "120", "131", "135", "136", "137"}
)
"""The app, the money, a right, the template."""
_NOT_BY_ZALO = frozenset({"110", "118", "119", "139", "140", "141"})
"""The citizen has no Zalo that takes it: an SMS may reach them."""
_MENDABLE = _COME_AGAIN | _MISCONFIGURED | _NOT_BY_ZALO
_FOR_GOOD = frozenset({"108", "109", "111", "127", "1121", "1122"})
"""Of this message: its number, its fields, a template that is for tests."""

_Token = Annotated[str, Field(pattern=r"^[!-~]{1,8000}$")]


class _Sent(BaseModel):
    model_config = WIRE

    message_id: Annotated[MessageId, Field(alias="msg_id")]


class _Said(BaseModel):
    model_config = WIRE

    error: Annotated[int, Field(ge=-99_999, le=0)]
    data: _Sent | None = None


def classify(answer: HttpAnswer) -> Outcome:
    """What an answer says; Zalo refuses with HTTP 200 and a negative `error`.

    Reasons name that number without its sign. No price is told.
    """
    said = read_answer(answer, _Said)
    if not isinstance(said, _Said):
        return said
    if said.error:
        return refused_by_code(str(-said.error), _MENDABLE, _FOR_GOOD)
    return Accepted(said.data.message_id) if said.data else Unknown("answer_unreadable")


def tracking_id(request_id: str) -> str:
    """Zalo takes 1 to 48 letters and digits; our ids are small letters, digits and hyphens."""
    return request_id.replace("-", "Z")


def request_id_of(tracking: str) -> str:
    """The way back."""
    return tracking.replace("Z", "-")


class Renewed(BaseModel):
    """A pair of tokens; the refresh token that was shown for it is good no more."""

    model_config = WIRE

    access_token: Annotated[_Token, Field(repr=False)]
    refresh_token: Annotated[_Token, Field(repr=False)]
    expires_in: Annotated[int, Field(ge=1, le=10_000_000)]
    """Seconds; Zalo writes them as a string."""


class _NotRenewed(BaseModel):
    error: Annotated[int, Field(ge=-99_999, lt=0)]


def read_renewal(answer: HttpAnswer) -> Renewed | str:
    """The tokens, or why there are none: a refresh token that was used before is -14014."""
    try:
        return Renewed.model_validate_json(answer.body)
    except ValidationError:
        pass
    try:
        return f"token_refused_{-_NotRenewed.model_validate_json(answer.body).error}"
    except ValidationError:
        return "token_not_renewed"


class ZaloCall(BaseModel):
    """What of each call of the webhook is signed, beside its bytes."""

    model_config = WIRE

    timestamp: Annotated[str, Field(pattern=r"^[0-9]{1,20}$")]

    def is_signed(self, shown: str, body: bytes, app_id: str, oa_secret: str) -> bool:
        """sha256(app id + body + its timestamp + the account's secret), by hainh.me; no HMAC.

        Some calls were seen with `mac=` before the digits.
        """
        signed = app_id.encode() + body + self.timestamp.encode() + oa_secret.encode()
        digest = hashlib.sha256(signed).hexdigest()
        return hmac.compare_digest(shown.removeprefix("mac=").encode(), digest.encode())


class _Message(BaseModel):
    model_config = WIRE

    message_id: Annotated[MessageId | None, Field(alias="msg_id"), NothingIfEmpty] = None
    tracking: Annotated[str | None, Field(alias="tracking_id", max_length=100)] = None
    delivered: Annotated[str | None, Field(alias="delivery_time"), NothingIfEmpty] = None


class ZaloEvent(_Message):
    """A call of the webhook; a receipt stands in its `message`, or flat beside its name."""

    name: Annotated[str, Field(alias="event_name", max_length=60)]
    message: _Message | None = None

    @property
    def is_reply(self) -> bool:
        """A citizen wrote to the account: the sender is a Zalo id, which leads to no phone."""
        return self.name == "user_send_text"

    def receipt(self, now: datetime) -> tuple[str, str | None, Receipt] | None:
        """The id and ours; without a time of delivery it is of a chat and not of a ZNS."""
        if self.name != "user_received_message":
            return None
        said = self.message or self
        if not said.message_id or not said.delivered:
            return None
        ours = request_id_of(said.tracking) if said.tracking else None
        return said.message_id, ours, Receipt(State.DELIVERED, now)
