"""A provider reached by HTTP: one JSON POST an SMS, receipts by webhook.

    POST <url>  {"request_id", "to", "text", "encoding", "sender"?}
    → 2xx {"message_id", "cost_vnd"?}

The classes below hold that nothing is sent twice: what is not surely refused may have left.
"""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from services.events.envelope import Instant
from services.events.notifications import SmsChannel
from services.notify.ledger.receipts import unknown_word
from services.notify.ledger.records import Receipt
from services.notify.notification.states import State
from services.notify.providers.brand import NO_BRAND, is_brand
from services.notify.providers.posting import HttpAnswer, Posting, host_of, refused_by_status
from services.notify.providers.provider import (
    Accepted,
    Outcome,
    Sms,
    SurelyNotAccepted,
    Unknown,
)
from services.notify.text.segments import segment

_REFUSED = frozenset({400, 410, 413, 414, 415, 422})

MessageId = Annotated[str, Field(pattern=r"^[!-~]{1,100}$")]
"""The provider's id: printable ASCII, kept as it came."""


class _Taken(BaseModel):
    message_id: MessageId
    cost_vnd: Annotated[int, Field(ge=0, le=1_000_000)] = 0


@dataclass(frozen=True, slots=True)
class HttpAccess:
    """What the provider and we agreed on."""

    url: str
    token: str = field(repr=False)
    timeout_s: float
    sender: str = ""
    """A brand name that the provider knows us by; without one it is asked for no advert."""

    @property
    def hosts(self) -> tuple[str, ...]:
        return (host_of(self.url),)

    @property
    def carries_adverts(self) -> bool:
        return is_brand(self.sender)

    @property
    def longest_answer_s(self) -> float:
        """Of one SMS."""
        return self.timeout_s


class HttpProvider:
    """The generic provider; `request_id` lets the other side see a repetition."""

    name = "http"
    channel: SmsChannel = "sms"
    gives_receipts = True
    recognises_repeats = False

    def __init__(self, url: str, token: str, timeout_s: float, sender: str = "") -> None:
        self._url, self._sender = url, sender
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        self._posting = Posting(timeout_s, headers)

    async def send(self, sms: Sms) -> Outcome:
        if sms.advertises and not is_brand(self._sender):
            return NO_BRAND
        body = {
            "request_id": sms.request_id,
            "to": sms.phone,
            "text": sms.text,
            "encoding": segment(sms.text).encoding.value,
        } | ({"sender": self._sender} if self._sender else {})
        answer = await self._posting.post(self._url, json=body, may_leave=sms.may_leave)
        return classify(answer) if isinstance(answer, HttpAnswer) else answer

    async def close(self) -> None:
        await self._posting.close()


def classify(answer: HttpAnswer) -> Outcome:
    """What an answer says of the SMS."""
    if 200 <= answer.status < 300:
        try:
            said = _Taken.model_validate_json(answer.body)
        except ValidationError:
            return Unknown("answer_unreadable")
        return Accepted(said.message_id, said.cost_vnd)
    if answer.status in _REFUSED:
        return SurelyNotAccepted(f"provider_refused_{answer.status}", retryable=False)
    return refused_by_status(answer)


class ReceiptStatus(StrEnum):
    """What of the webhook's words is understood."""

    DELIVERED = "delivered"
    UNDELIVERED = "undelivered"


class PostedReceipt(BaseModel):
    """Body of the webhook; may come first, twice, or for a message unknown here."""

    model_config = ConfigDict(frozen=True, extra="ignore", hide_input_in_errors=True)

    message_id: MessageId
    request_id: Annotated[str, Field(pattern=r"^[!-~]{1,50}$")] | None = None
    status: Annotated[str, Field(max_length=40, examples=[*ReceiptStatus])]
    """`delivered` or `undelivered`; any other word is kept for a person to read."""
    at: Instant | None = None
    code: Annotated[str, Field(pattern=r"^[a-z0-9_]{1,40}$")] | None = None
    """The provider's own reason."""

    def receipt(self, now: datetime) -> Receipt:
        """As the ledger keeps it."""
        if self.status == ReceiptStatus.DELIVERED:
            return Receipt(State.DELIVERED, now)
        if self.status != ReceiptStatus.UNDELIVERED:
            return unknown_word(self.status, now)
        return Receipt(State.UNDELIVERED, now, f"undelivered_{self.code or 'unknown'}")


class PostedReply(BaseModel):
    """Body of the webhook for what a citizen wrote to our number."""

    model_config = ConfigDict(frozen=True, extra="ignore", hide_input_in_errors=True)

    message_id: MessageId
    sender: Annotated[str, Field(max_length=20, alias="from")]
    text: Annotated[str, Field(max_length=2_000)]
