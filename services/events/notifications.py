"""What became of an SMS. `subject` is the notification's id."""

from typing import Annotated, Literal

from pydantic import FailFast, Field, StringConstraints

from services.events.codes import Purpose
from services.events.declarations import BY_WARD
from services.events.envelope import CitizenId, Data, Event, EventId

SmsChannel = Literal["sms", "zns"]


class Notification(Data):
    """Never a number, never a text: the purpose, the template and what it cost."""

    citizen_id: CitizenId
    purpose: Purpose
    reason_id: Annotated[str, StringConstraints(max_length=120)]
    """(citizen, day, purpose) as one text: at most one SMS leaves for it."""
    events: Annotated[tuple[EventId, ...], FailFast(), Field(max_length=100)] = ()
    template: Annotated[str, StringConstraints(max_length=60)]
    channel: SmsChannel = "sms"
    provider: Annotated[str, StringConstraints(max_length=40)] | None = None
    segments: Annotated[int, Field(ge=0, le=20)] = 0
    cost_vnd: Annotated[int, Field(ge=0, le=1_000_000)] = 0
    reason: Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{1,63}$")] | None = None
    """Why it was suppressed, failed or stayed unconfirmed."""


class NotificationSent(Event):
    """A provider took it."""

    scope = BY_WARD
    posted = False
    type: Literal["notification.sent.v1"] = "notification.sent.v1"
    data: Notification


class NotificationDelivered(Event):
    """The citizen's phone has it."""

    scope = BY_WARD
    posted = False
    type: Literal["notification.delivered.v1"] = "notification.delivered.v1"
    data: Notification


class NotificationFailed(Event):
    """It surely did not arrive."""

    scope = BY_WARD
    posted = False
    type: Literal["notification.failed.v1"] = "notification.failed.v1"
    data: Notification


class NotificationSuppressed(Event):
    """It was not sent, for a reason that is given."""

    scope = BY_WARD
    posted = False
    type: Literal["notification.suppressed.v1"] = "notification.suppressed.v1"
    data: Notification


class NotificationUnconfirmed(Event):
    """Nobody can say whether it arrived; it is not sent again."""

    scope = BY_WARD
    posted = False
    type: Literal["notification.unconfirmed.v1"] = "notification.unconfirmed.v1"
    data: Notification
