"""What operators see; never a number, and a citizen's words only where a person is to read them."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Self

from pydantic import BaseModel, ConfigDict

from services.notify.ledger.controls import Control, ControlKind
from services.notify.ledger.records import Receipt
from services.notify.notification.notification import Answer
from services.notify.routing.routes import Route


class ProviderView(BaseModel):
    """One way out, as this process sees it."""

    name: str
    priority: int
    share: int
    segments_per_s: float | None
    is_down: bool
    """It failed several times in a row and is tried now and then."""
    is_connected: bool | None
    """None where a provider is called anew for each SMS."""
    is_paused: bool
    last_answer_at: datetime | None
    """When it last took or refused an SMS."""
    unread: Mapping[str, int]
    """Words of its receipts that nobody here knows, and how often each came."""

    @classmethod
    def of(cls, route: Route, paused: frozenset[str], unread: Mapping[str, int]) -> Self:
        return cls(
            name=route.provider.name,
            priority=route.terms.priority,
            share=route.terms.share,
            segments_per_s=route.terms.segments_per_s,
            is_down=route.breaker.is_open,
            is_connected=route.is_connected,
            is_paused=route.provider.name in paused,
            last_answer_at=route.last_answer_at,
            unread=unread,
        )


class ControlView(BaseModel):
    """Something that does not go on, and who said so."""

    model_config = ConfigDict(from_attributes=True)

    kind: ControlKind
    name: str
    by: str
    at: datetime
    for_good: bool

    @classmethod
    def of(cls, control: Control) -> Self:
        return cls.model_validate(control)


class ReceiptView(BaseModel):
    """What a provider said of an SMS; `unread`: a word that nobody here knows, in `reason`."""

    state: str
    at: datetime
    reason: str | None

    @classmethod
    def of(cls, receipt: Receipt) -> Self:
        return cls(state=str(receipt.state), at=receipt.at, reason=receipt.reason)


class BudgetView(BaseModel):
    """Segments of one ward on one day."""

    ward: str
    day: date
    segments: int
    limit: int
    is_nearly_spent: bool
    """Four fifths are gone."""


class ReplyView(BaseModel):
    """What a citizen wrote; `text` where nobody but a person can understand it."""

    id: str
    at: datetime
    answer: Answer
    ward: str | None
    notification_id: str | None
    read_at: datetime | None
    """When a person said what it means."""
    text: str | None
    """None also after 90 days."""


class ReplyPage(BaseModel):
    """Newest first; `next` is the cursor of the following page."""

    replies: list[ReplyView]
    next: str | None
