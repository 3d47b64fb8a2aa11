"""A provider reached by HTTP: one JSON POST an SMS, receipts by webhook.

    POST <url>  {"request_id", "to", "text", "encoding"}  →  2xx {"message_id", "cost_vnd"?}

The classes below hold that nothing is sent twice: what is not surely refused may have left.
"""

from datetime import datetime
from enum import StrEnum
from typing import Annotated

import httpx
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from services.events.envelope import Instant
from services.notify.providers.provider import (
    Accepted,
    Outcome,
    Sms,
    SurelyNotAccepted,
    Unknown,
)
from services.notify.states import State
from services.notify.text.segments import segment
from services.notify.transaction import Receipt

_NOTHING_LEFT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout)
_MISCONFIGURED = frozenset({401, 402, 403, 404, 405})
_REFUSED = frozenset({400, 410, 413, 414, 415, 422})
_IDLE_S = 5.0
"""Shorter than a server keeps an idle connection, so that none is closed under a request."""


MessageId = Annotated[str, Field(pattern=r"^[!-~]{1,100}$")]
"""The provider's id: printable ASCII, kept as it came."""


class _Answer(BaseModel):
    message_id: MessageId
    cost_vnd: Annotated[int, Field(ge=0, le=1_000_000)] = 0


class HttpProvider:
    """The generic provider; `request_id` lets the other side see a repetition."""

    name = "http"
    gives_receipts = True
    recognises_repeats = False

    def __init__(self, url: str, token: str, timeout_s: float) -> None:
        self._url = url
        self._client = httpx.AsyncClient(
            headers={"Authorization": f"Bearer {token}"} if token else {},
            timeout=httpx.Timeout(timeout_s),
            limits=httpx.Limits(keepalive_expiry=_IDLE_S),
            follow_redirects=False,
            trust_env=False,
        )

    async def send(self, sms: Sms) -> Outcome:
        body = {
            "request_id": sms.request_id,
            "to": sms.phone,
            "text": sms.text,
            "encoding": segment(sms.text).encoding.value,
        }
        try:
            answer = await self._client.post(self._url, json=body)
        except _NOTHING_LEFT:
            return SurelyNotAccepted("provider_unreachable", retryable=True)
        except httpx.HTTPError:
            return Unknown("no_answer")
        return classify(answer.status_code, answer.content, answer.headers.get("retry-after"))

    async def close(self) -> None:
        await self._client.aclose()


def classify(status: int, body: bytes, retry_after: str | None = None) -> Outcome:
    """What an answer says of the SMS."""
    if 200 <= status < 300:
        try:
            answer = _Answer.model_validate_json(body)
        except ValidationError:
            return Unknown("answer_unreadable")
        return Accepted(answer.message_id, answer.cost_vnd)
    if status == 429:
        return SurelyNotAccepted(
            "provider_busy", retryable=True, retry_after_s=_seconds(retry_after)
        )
    if status in _MISCONFIGURED:
        return SurelyNotAccepted(f"provider_refused_{status}", retryable=True)
    if status in _REFUSED:
        return SurelyNotAccepted(f"provider_refused_{status}", retryable=False)
    return Unknown(f"provider_answered_{status}")


class ReceiptStatus(StrEnum):
    """What the webhook may say."""

    DELIVERED = "delivered"
    UNDELIVERED = "undelivered"


class PostedReceipt(BaseModel):
    """Body of the webhook; may come first, twice, or for a message unknown here."""

    model_config = ConfigDict(frozen=True, extra="ignore", hide_input_in_errors=True)

    message_id: MessageId
    request_id: Annotated[str, Field(pattern=r"^[!-~]{1,50}$")] | None = None
    status: ReceiptStatus
    at: Instant | None = None
    code: Annotated[str, Field(pattern=r"^[a-z0-9_]{1,40}$")] | None = None
    """The provider's own reason."""

    def receipt(self, now: datetime) -> Receipt:
        """As the ledger keeps it."""
        if self.status is ReceiptStatus.DELIVERED:
            return Receipt(State.DELIVERED, now)
        return Receipt(State.UNDELIVERED, now, f"undelivered_{self.code or 'unknown'}")


def _seconds(retry_after: str | None) -> float | None:
    return min(float(retry_after), 3_600) if retry_after and retry_after.isdecimal() else None
