"""Reminders of appointments: booked, cancelled and either voided, in whatever order."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from services.events.appointments import AppointmentBooked, AppointmentCancelled
from services.events.envelope import Event
from services.notify.arriving.arrivals import record
from services.notify.ledger.ledger import Transaction
from services.notify.ledger.records import CANCELLATIONS, NOTIFICATIONS, ROWS, Cancellation
from services.notify.ledger.unit_of_work import save
from services.notify.notification.notification import Notification, notification_id
from services.notify.notification.occasions import About, EventRow, Occasion, OccasionKind
from services.notify.notification.transitions import restore, void

REMINDED_BEFORE = timedelta(hours=24)
TOO_LATE = timedelta(hours=1)
"""Before it begins; then the citizen is on the way, or is not."""
_FORMER = "former"
_NONE = Cancellation(datetime.fromtimestamp(0, UTC))


async def book(
    tx: Transaction, events: Sequence[AppointmentBooked], heard_at: datetime, delay: timedelta
) -> None:
    """A reminder the day before; none where a later cancellation stands."""
    rows = [_row_of(event, heard_at) for event in events]
    await record(tx, rows, delay)
    newest = max(_recorded(event) for event in events)
    await _settle(tx, {_reason(event) for event in events}, delay, newest)


async def cancel(
    tx: Transaction, events: Sequence[AppointmentCancelled], delay: timedelta, now: datetime
) -> None:
    """What was booked before it is not reminded of, unless it was voided."""
    rows = await tx.get(ROWS, [event.id for event in events])
    kept = await tx.get(CANCELLATIONS, {_reason(event) for event in events})
    for event in events:
        reason, named = _reason(event), rows.get(event.id, EventRow(event.id))
        rows[event.id] = replace(named, seen=True, reason_id=reason)
        if not named.voided:
            kept[reason] = _with(kept.get(reason), event)
    await tx.put(ROWS, rows)
    await tx.put(CANCELLATIONS, kept)
    await _settle(tx, kept.keys(), delay, now)


async def void_cancellations(
    tx: Transaction, event_ids: Collection[str], delay: timedelta, now: datetime
) -> None:
    """The reminders come back; whatever else these events were is left alone."""
    rows = (await tx.get(ROWS, event_ids)).values()
    reasons = {row.event_id: row.reason_id for row in rows if row.reason_id and not row.occasion}
    kept = await tx.get(CANCELLATIONS, set(reasons.values()))
    for event_id, reason in reasons.items():
        if reason in kept:
            kept[reason] = _without(kept[reason], event_id)
    await tx.put(CANCELLATIONS, kept)
    await _settle(tx, kept.keys(), delay, now)


async def _settle(
    tx: Transaction, reasons: Collection[str], delay: timedelta, now: datetime
) -> None:
    """Each booking stands or does not, by the cancellations and voids that are known.

    All that comes of one appointment writes one record, so that no two miss each other.
    """
    found = await tx.get(NOTIFICATIONS, [notification_id(reason) for reason in reasons])
    cancelled = await tx.get(CANCELLATIONS, reasons)
    kept = {reason: cancelled.get(reason, _NONE) for reason in reasons}
    await tx.put(CANCELLATIONS, {key: replace(c, version=c.version + 1) for key, c in kept.items()})
    rows = await tx.get(ROWS, {o.event_id for n in found.values() for o in n.occasions})
    after = dict[str, Notification]()
    for id_, n in found.items():
        until = kept[n.reason_id].at
        over = {
            o.event_id for o in n.occasions if rows[o.event_id].voided or o.recorded_at <= until
        }
        before = {o.event_id for o in n.occasions if o.voided}
        if gone := over - before:
            after[id_] = void(n, gone, now)
        if back := before - over:
            after[id_] = restore(after.get(id_, n), back, delay, now)
    await save(tx, found, after, now)


def _with(kept: Cancellation | None, event: AppointmentCancelled) -> Cancellation:
    """An earlier version kept but the newest one's instant: heard again, it has its id."""
    kept, at = kept or _NONE, _recorded(event)
    by = dict(kept.by)
    if kept.at > _NONE.at and kept.at not in by.values():
        by[_FORMER] = kept.at
    if by.get(_FORMER) == at:
        del by[_FORMER]
    return _newest(kept, {**by, event.id: at})


def _without(kept: Cancellation, event_id: str) -> Cancellation:
    if event_id not in kept.by:
        return kept
    return _newest(kept, {id_: at for id_, at in kept.by.items() if id_ != event_id})


def _newest(kept: Cancellation, by: Mapping[str, datetime]) -> Cancellation:
    return replace(kept, at=max(by.values(), default=_NONE.at), by=by)


def _row_of(event: AppointmentBooked, heard_at: datetime) -> EventRow:
    return EventRow(event.id, seen=True, occasion=_occasion_of(event), heard_at=heard_at)


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


def _reason(event: AppointmentBooked | AppointmentCancelled) -> str:
    return _occasion_of(event).reason_id


def _recorded(event: Event) -> datetime:
    return event.recordedtime or event.time
