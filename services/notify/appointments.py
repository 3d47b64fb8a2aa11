"""Reminders of appointments: booked and cancelled, in whatever order."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from services.events.appointments import AppointmentBooked, AppointmentCancelled
from services.events.envelope import Event
from services.notify.aftercare import keep
from services.notify.arrivals import record
from services.notify.notification import notification_id
from services.notify.occasions import About, Occasion, OccasionKind, Row
from services.notify.transaction import CANCELLATIONS, NOTIFICATIONS, Cancellation, Transaction
from services.notify.transitions import void

REMINDED_BEFORE = timedelta(hours=24)
TOO_LATE = timedelta(hours=1)
"""Before it begins; then the citizen is on the way, or is not."""


async def book(
    tx: Transaction, events: Sequence[AppointmentBooked], heard_at: datetime, delay: timedelta
) -> None:
    """A reminder the day before; none where a later cancellation was heard first."""
    rows = [_row_of(event, heard_at) for event in events]
    occasions = [row.occasion for row in rows if row.occasion]
    cancelled = await tx.get(CANCELLATIONS, [o.reason_id for o in occasions])
    await record(tx, [replace(row, voided=_is_over(row, cancelled)) for row in rows], delay)


async def cancel(tx: Transaction, events: Sequence[AppointmentCancelled], now: datetime) -> None:
    """What was booked before it is not reminded of."""
    over = {_occasion_of(event).reason_id: _recorded(event) for event in events}
    known = await tx.get(CANCELLATIONS, over)
    latest = {key: max(at, known[key].at if key in known else at) for key, at in over.items()}
    await tx.put(CANCELLATIONS, {key: Cancellation(at) for key, at in latest.items()})
    by_id = {notification_id(key): at for key, at in latest.items()}
    found = await tx.get(NOTIFICATIONS, by_id)
    after = {
        id_: void(n, [o.event_id for o in n.occasions if o.recorded_at <= by_id[id_]], now)
        for id_, n in found.items()
    }
    await keep(tx, found, after, now)


def _row_of(event: AppointmentBooked, heard_at: datetime) -> Row:
    return Row(event.id, seen=True, occasion=_occasion_of(event), heard_at=heard_at)


def _occasion_of(event: AppointmentBooked | AppointmentCancelled) -> Occasion:
    starts_at = event.data.starts_at
    return Occasion(
        event_id=event.id,
        citizen_id=event.data.citizen_id,
        kind=OccasionKind.APPOINTMENT,
        ward=event.ward,
        at=starts_at,
        recorded_at=_recorded(event),
        until=starts_at - TOO_LATE,
        about=About.REMINDER,
        detail=event.data.slot_id,
        not_before=starts_at - REMINDED_BEFORE,
    )


def _is_over(row: Row, cancelled: dict[str, Cancellation]) -> bool:
    occasion = row.occasion
    found = cancelled.get(occasion.reason_id) if occasion else None
    return bool(occasion and found and occasion.recorded_at <= found.at)


def _recorded(event: Event) -> datetime:
    return event.recordedtime or event.time
