"""Notifications as they are read: never a number, never a text."""

from datetime import UTC, date, datetime
from typing import Self

from pydantic import BaseModel, ConfigDict

from services.events.codes import Purpose
from services.notify.notification.notification import Answer, Notification
from services.notify.notification.occasions import About, OccasionKind
from services.notify.notification.states import State
from services.notify.providers.console.sending import ConsoleSms

Place = tuple[datetime, str]
NOTIFICATION_ID = r"^sms-[0-9a-f]{24}$"
CURSOR = r"^[0-9]{1,14}-sms-[0-9a-f]{24}$"
"""The last one of a page: milliseconds and id."""


class OccasionView(BaseModel):
    """One event that a notification tells of."""

    model_config = ConfigDict(from_attributes=True)

    event_id: str
    citizen_id: str
    kind: OccasionKind
    ward: str
    at: datetime
    voided: bool


class ChangeView(BaseModel):
    """One step; `reason` is a code."""

    model_config = ConfigDict(from_attributes=True)

    state: State
    at: datetime
    reason: str | None


class AttemptView(BaseModel):
    """One try at a provider, written down before it was made."""

    model_config = ConfigDict(from_attributes=True)

    number: int
    provider: str
    request_id: str
    message_id: str | None
    at: datetime
    template: str
    segments: int
    cost_vnd: int


class NotificationView(BaseModel):
    """One SMS in a list."""

    id: str
    state: State
    reason: str | None
    """Why it stands where it stands."""
    reason_id: str
    purpose: Purpose
    """What its citizen must have agreed to."""
    about: About
    answer: Answer | None
    """The citizen's."""
    citizen_id: str
    ward: str
    day: date
    event_ids: list[str]
    created_at: datetime
    due_at: datetime | None
    attempts: int
    segments: int

    @classmethod
    def of(cls, notification: Notification) -> Self:
        last = notification.attempts[-1] if notification.attempts else None
        return cls(
            id=notification.id,
            state=notification.state,
            reason=notification.reason,
            reason_id=notification.reason_id,
            purpose=notification.about.purpose,
            about=notification.about,
            answer=notification.answer,
            citizen_id=notification.recipient_id,
            ward=notification.main_occasion.ward,
            day=notification.main_occasion.day,
            event_ids=[one.event_id for one in notification.occasions],
            created_at=notification.created_at,
            due_at=None if notification.lease_until else notification.due_at,
            attempts=len(notification.attempts),
            segments=last.segments if last else 0,
        )


class NotificationHistory(BaseModel):
    """One SMS with all that happened to it, oldest first."""

    notification: NotificationView
    occasions: list[OccasionView]
    attempts: list[AttemptView]
    history: list[ChangeView]

    @classmethod
    def of(cls, notification: Notification) -> Self:
        return cls(
            notification=NotificationView.of(notification),
            occasions=[OccasionView.model_validate(one) for one in notification.occasions],
            attempts=[AttemptView.model_validate(one) for one in notification.attempts],
            history=[ChangeView.model_validate(change) for change in notification.history],
        )


class NotificationPage(BaseModel):
    """Newest first; `next` is the cursor of the following page."""

    notifications: list[NotificationView]
    next: str | None


class ConsolePage(BaseModel):
    """SMS of the console provider, newest first; numbers are masked."""

    messages: list[ConsoleSms]
    next: int | None
    """The cursor of the following page."""

    @classmethod
    def of(cls, found: list[tuple[int, ConsoleSms]], limit: int) -> Self:
        """From one more than the page holds."""
        shown = found[:limit]
        onward = shown[-1][0] if len(found) > limit else None
        return cls(messages=[sms for _, sms in shown], next=onward)


def page_of(found: list[Notification], limit: int) -> NotificationPage:
    """From one more than the page holds."""
    shown = found[:limit]
    cursor = _cursor(shown[-1]) if len(found) > limit else None
    return NotificationPage(
        notifications=[NotificationView.of(notification) for notification in shown], next=cursor
    )


def place_of(cursor: str) -> Place:
    """Where a page begins; the cursor matches CURSOR."""
    at_ms, _, id_ = cursor.partition("-")
    return datetime.fromtimestamp(int(at_ms) / 1_000, UTC), id_


def _cursor(notification: Notification) -> str:
    return f"{round(notification.created_at.timestamp() * 1_000)}-{notification.id}"
