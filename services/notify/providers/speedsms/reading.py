"""What SpeedSMS's answers, delivery reports and citizens' replies say; pure.

Source: speedsms.vn/sms-api for codes and limits; for the shapes, clients that others published.
In which class a code stands (surely refused, refused for good, not known) is our reading of it.
"""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, Field, TypeAdapter, ValidationError

from services.notify.ledger.records import Receipt
from services.notify.notification.states import State
from services.notify.providers.http.sending import MessageId
from services.notify.providers.posting import HttpAnswer, refused_by_status
from services.notify.providers.provider import Accepted, Outcome, SurelyNotAccepted, Unknown
from services.notify.providers.reading import WIRE, refused_by_code

_MISCONFIGURED = frozenset({"007", "008", "009", "300"})
"""The address, a blocked account, a right, the balance."""
_FOR_GOOD = frozenset({"101", "105", "110", "113"})
"""Of this message: its parameters, its number, its encoding, its length."""
_TEMPORARY = range(1, 64)
"""Of a report's status; 0 is delivered, 64 and more is final."""
_RESET = "x-rate-limit-reset"
"""Seconds until the next of the 60 requests a minute is free."""


def _all(value: object) -> object:
    return value or []


class _Sent(BaseModel):
    model_config = WIRE

    message_id: Annotated[MessageId | None, Field(alias="tranId")] = None
    price_vnd: Annotated[int | None, Field(alias="totalPrice", ge=0, le=10_000_000)] = None
    invalid: Annotated[tuple[str, ...], Field(alias="invalidPhone"), BeforeValidator(_all)] = ()


class _Succeeded(BaseModel):
    model_config = WIRE

    status: Literal["success"]
    sent: Annotated[_Sent, Field(alias="data")]


class _Failed(BaseModel):
    model_config = WIRE

    status: Literal["error"]
    code: Annotated[str, Field(pattern=r"^[0-9]{1,5}$")]


class _Turned(BaseModel):
    """The other shape of an error, of the server before the service: its `code` means nothing."""

    status: Annotated[int, Field(ge=400, le=599)]


_SAID: TypeAdapter[_Succeeded | _Failed | _Turned] = TypeAdapter(_Succeeded | _Failed | _Turned)


def classify(answer: HttpAnswer) -> Outcome:
    """What an answer says of an SMS to one number."""
    if answer.status >= 500:
        return refused_by_status(answer)
    match _said(answer):
        case _Succeeded(sent=sent):
            return _taken(sent)
        case _Failed(code=code):
            return refused_by_code(code, _MISCONFIGURED, _FOR_GOOD)
        case _Turned(status=status):
            return _turned_away(status, answer)
    return Unknown("answer_unreadable")


def _said(answer: HttpAnswer) -> _Succeeded | _Failed | _Turned | None:
    """None where nothing can be read, not even in the status."""
    try:
        return _SAID.validate_json(answer.body)
    except ValidationError:
        return _Turned(status=answer.status) if answer.status >= 400 else None


def _taken(sent: _Sent) -> Outcome:
    """A success may be partial; with one number, one that is invalid is all of it."""
    if sent.invalid:
        return SurelyNotAccepted("provider_refused_phone", retryable=False)
    if sent.message_id is None:
        return Unknown("answer_unreadable")
    return Accepted(sent.message_id, sent.price_vnd or 0)


def _turned_away(status: int, answer: HttpAnswer) -> Outcome:
    if status == 429:
        rest_s = answer.seconds(_RESET)
        return SurelyNotAccepted("provider_busy", retryable=True, retry_after_s=rest_s)
    return refused_by_status(HttpAnswer(status, answer.body))


class SpeedsmsReport(BaseModel):
    """Word of a delivery; the number in it is not read."""

    model_config = WIRE

    type: Literal["report"]
    message_id: Annotated[MessageId, Field(alias="tranId")]
    status: Annotated[int, Field(ge=0, le=99_999)]

    def receipt(self, now: datetime) -> Receipt | None:
        """None while the operator still tries."""
        if self.status in _TEMPORARY:
            return None
        if self.status == 0:
            return Receipt(State.DELIVERED, now)
        return Receipt(State.UNDELIVERED, now, f"undelivered_{self.status}")


class SpeedsmsReply(BaseModel):
    """A citizen's SMS; its `type` is documented nowhere, and nothing tells two like it apart."""

    model_config = WIRE

    phone: Annotated[str, Field(max_length=20)]
    content: Annotated[str, Field(max_length=2_000)]


SPEEDSMS_CALLBACK: TypeAdapter[SpeedsmsReport | SpeedsmsReply] = TypeAdapter(
    SpeedsmsReport | SpeedsmsReply
)
