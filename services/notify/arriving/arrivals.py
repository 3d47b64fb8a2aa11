"""Events that arrive, in whatever order, and the reason that each ends up with."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from services.notify.ledger.ledger import Transaction
from services.notify.ledger.records import NOTIFICATIONS, ROWS
from services.notify.ledger.unit_of_work import save
from services.notify.notification.notification import first, notification_id
from services.notify.notification.occasions import EventRow
from services.notify.notification.transitions import join, void


async def record(tx: Transaction, arrived: Sequence[EventRow], delay: timedelta) -> None:
    """Each event once; a corrected one joins the reason of what it corrects."""
    ids = {row.event_id for row in arrived}
    originals = {row.replaces for row in arrived if row.replaces}
    known = await tx.get(ROWS, ids | originals)
    fresh = {
        row.event_id: _fresh(row, known.get(row.event_id))
        for row in reversed(arrived)
        if not _seen(known, row.event_id)
    }
    if not fresh:
        return
    named = {id_: EventRow(id_) for id_ in originals - known.keys() - fresh.keys()}
    waiting = {id_: row for id_, row in fresh.items() if not _is_ready(row, known)}
    await tx.put(ROWS, named | waiting)
    ready = [row for id_, row in fresh.items() if id_ not in waiting]
    await _settle(tx, [_with_reason(row, known) for row in ready], delay)


async def void_events(tx: Transaction, event_ids: Collection[str], at: datetime) -> None:
    """Voids; one that comes before its event waits for it."""
    known = await tx.get(ROWS, event_ids)
    named = {id_: known.get(id_, EventRow(id_)) for id_ in event_ids}
    rows = {id_: replace(row, voided=True) for id_, row in named.items() if not row.voided}
    await tx.put(ROWS, rows)
    by_reason = defaultdict[str, list[str]](list)
    for row in rows.values():
        if row.reason_id:
            by_reason[notification_id(row.reason_id)].append(row.event_id)
    found = await tx.get(NOTIFICATIONS, by_reason)
    after = {id_: void(n, by_reason[id_], at) for id_, n in found.items()}
    await save(tx, found, after, at)


async def stop_waiting_for(tx: Transaction, event_ids: Collection[str], delay: timedelta) -> None:
    """Rejected events: what corrects one stands alone, whichever is heard first.

    One that a ward admits later is a visit like any other.
    """
    known = await tx.get(ROWS, event_ids)
    unseen = {id_: known.get(id_, EventRow(id_)) for id_ in event_ids if not _seen(known, id_)}
    await tx.put(ROWS, {id_: replace(row, refused=True) for id_, row in unseen.items()})
    heirs = await tx.waiting_for(unseen)
    await _settle(tx, [_with_own_reason(heir) for heir in heirs], delay)


async def stand_alone(tx: Transaction, event_ids: Collection[str], delay: timedelta) -> None:
    """Corrections whose original never came: their own reason is all they have."""
    rows = (await tx.get(ROWS, event_ids)).values()
    await _settle(tx, [_with_own_reason(row) for row in rows if row.waits_until], delay)


async def _settle(tx: Transaction, rows: Iterable[EventRow], delay: timedelta) -> None:
    """Rows whose reason is known now, and all that waited for them."""
    settled: dict[str, EventRow] = {}
    frontier = {row.event_id: row for row in rows}
    while frontier:
        settled |= frontier
        heirs = await tx.waiting_for(frontier)
        fresh = (heir for heir in heirs if heir.event_id not in settled)
        frontier = {heir.event_id: _with_reason(heir, frontier) for heir in fresh}
    await tx.put(ROWS, settled)
    await _join(tx, settled.values(), delay)


async def _join(tx: Transaction, rows: Iterable[EventRow], delay: timedelta) -> None:
    by_reason = defaultdict[str, list[EventRow]](list)
    for row in rows:
        if row.reason_id and row.occasion:
            by_reason[row.reason_id].append(row)
    known = await tx.get(NOTIFICATIONS, [notification_id(reason) for reason in by_reason])
    joined = {}
    for reason, members in by_reason.items():
        occasions = [replace(row.occasion, voided=row.voided) for row in members if row.occasion]
        id_ = notification_id(reason)
        joined[id_] = join(known.get(id_) or first(reason, occasions[0]), occasions, delay)
    newest = max((o.recorded_at for n in joined.values() for o in n.occasions), default=None)
    if newest:
        await save(tx, known, joined, newest)


def _seen(known: Mapping[str, EventRow], event_id: str) -> bool:
    return event_id in known and known[event_id].seen


def _settled(known: Mapping[str, EventRow], event_id: str) -> bool:
    row = known.get(event_id)
    return row is not None and (row.refused or (row.seen and row.waits_until is None))


def _is_ready(row: EventRow, known: Mapping[str, EventRow]) -> bool:
    return not row.replaces or _settled(known, row.replaces)


def _fresh(row: EventRow, named: EventRow | None) -> EventRow:
    """Perhaps with a void that came before it."""
    return replace(row, voided=row.voided or (named is not None and named.voided))


def _with_reason(row: EventRow, originals: Mapping[str, EventRow]) -> EventRow:
    original = originals.get(row.replaces) if row.replaces else None
    if original is None or original.reason_id is None:
        return _with_own_reason(row)
    return replace(row, reason_id=original.reason_id, waits_until=None)


def _with_own_reason(row: EventRow) -> EventRow:
    reason = row.occasion.reason_id if row.occasion else None
    return replace(row, reason_id=reason, waits_until=None)
