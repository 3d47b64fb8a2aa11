"""SMS to citizens: how far each came, why some stopped, and what they cost."""

from collections.abc import Iterator, Sequence

from services.events.envelope import Event
from services.events.notifications import (
    NotificationFailed,
    NotificationSent,
    NotificationSuppressed,
    NotificationUnconfirmed,
)
from services.reporting.definitions.labels import PURPOSE
from services.reporting.definitions.measure import Codes, Fact, Measure, Point, count, total
from services.reporting.measures.sms import FORWARD, SMS, SMS_REASON, SMS_STATUS

STOPPED = (NotificationSuppressed, NotificationFailed, NotificationUnconfirmed)


def furthest(history: Sequence[Fact]) -> Point:
    """One SMS, on its first day, under its purpose and the furthest status that is known."""
    last = max((fact.event for fact in history), key=lambda event: FORWARD.index(type(event)))
    status = last.type.split(".")[1]
    return Point(history[0].day, (last.data.purpose, status))  # type: ignore[attr-defined]


def _once(history: Sequence[Fact]) -> list[Point]:
    return [furthest(history)]


def _reason(event: Event) -> Iterator[Codes]:
    if isinstance(event, STOPPED):
        yield event.type.split(".")[1], event.data.reason or ""


def _segments(event: NotificationSent) -> Iterator[tuple[Codes, int]]:
    yield (event.data.purpose,), event.data.segments


def _cost(event: NotificationSent) -> Iterator[tuple[Codes, int]]:
    yield (event.data.purpose,), event.data.cost_vnd


NOTIFICATIONS = Measure("notifications", (PURPOSE, SMS_STATUS), FORWARD, SMS, _once)
NOTIFICATIONS_STOPPED = count("notifications_stopped", (SMS_STATUS, SMS_REASON), STOPPED, _reason)
SMS_SEGMENTS = total("sms_segments", (PURPOSE,), NotificationSent, _segments)
SMS_COST_VND = total("sms_cost_vnd", (PURPOSE,), NotificationSent, _cost)
