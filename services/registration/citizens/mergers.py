"""Which records lead to which: a function of the mergers that were recorded, less those voided.

A row keeps the record it was written for, so that it goes back there when a merger is voided.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from typing import NamedTuple

from services.registration.citizens.rows import Alias, IndexRow, Merger, Repoint, RowStore

MAX_MERGERS = 20
_LONG_AGO = datetime.fromtimestamp(0, UTC)

Leads = Mapping[str, str]
"""From a record that was merged to the one that it was merged into."""


class _Own(NamedTuple):
    """The rows that were written for a record, and its wrapped data key while there is one."""

    rows: tuple[IndexRow, ...]

    @property
    def data_key(self) -> bytes | None:
        keys = (row.home_key if row.home else row.data_key for row in self.rows)
        return next((key for key in keys if key), None)


async def merge(merger: Merger, rows: RowStore) -> None:
    """Whoever was `merged_id` is known as `surviving_id` from now on, unless it was voided.

    Contacts that were sealed for the merged record stay readable: its rows keep its key.
    """
    await rows.note_merger(merger)
    await _relink(merger.merged_id, rows)


async def part(event_id: str, merged_id: str, rows: RowStore) -> None:
    """The void of a merger: both are met again as whom they were; what was erased stays so."""
    await rows.note_voided_merger(event_id, merged_id)
    await _relink(merged_id, rows)


async def last(citizen_id: str, rows: RowStore) -> str:
    """The record that stays of this one's person."""
    for _ in range(MAX_MERGERS):
        alias = await rows.alias(citizen_id)
        if alias is None:
            break
        citizen_id = alias.to
    return citizen_id


async def merged_into(surviving_id: str, rows: RowStore) -> set[str]:
    """All records that lead to it, over however many mergers."""
    found, frontier = set[str](), [surviving_id]
    while frontier:
        fresh = {alias.merged_id for alias in await rows.aliases_of(frontier.pop())}
        frontier += fresh - found - {surviving_id}
        found |= fresh
    return found - {surviving_id}


def leads(mergers: Iterable[Merger]) -> dict[str, str]:
    """By time, then id; of two that would close a circle the later one counts nothing. Pure."""
    found: dict[str, str] = {}
    for merger in sorted(mergers, key=lambda m: (m.at, m.event_id)):
        if not merger.voided and merger.merged_id not in _way(merger.surviving_id, found):
            found[merger.merged_id] = merger.surviving_id
    return found


def _way(citizen_id: str, leading: Leads) -> list[str]:
    """From a record to the one that stays, both included."""
    way = [citizen_id]
    while way[-1] in leading:
        way.append(leading[way[-1]])
    return way


async def _relink(citizen_id: str, rows: RowStore) -> None:
    """Aliases and rows of all records that are or were one with this, as they are to be now."""
    group, mergers = await _related(citizen_id, rows)
    leading = leads(mergers)
    own = {id_: _Own(tuple(await rows.written_for(id_))) for id_ in sorted(group)}
    changes = list[Repoint]()
    for id_, written in own.items():
        root = _way(id_, leading)[-1]
        if root == id_:
            await rows.remove_alias(id_)
        elif own[root].data_key:
            await rows.add_alias(Alias(id_, leading[id_]))
        else:
            continue  # nobody is known there, or the person was erased
        changes += _moves(written.rows, id_, root, own[root].data_key)
    if changes:
        await rows.repoint(changes)


def _moves(
    rows: Iterable[IndexRow], home: str, to: str, data_key: bytes | None
) -> Iterator[Repoint]:
    """At home a row holds but its own record's key."""
    for row in rows:
        if row.to != to:
            away = () if to == home else (home, row.home_key if row.home else row.data_key)
            yield Repoint(row.hash, row.to, to, data_key, *away)


async def _related(citizen_id: str, rows: RowStore) -> tuple[set[str], list[Merger]]:
    """Records that any merger joins, voided ones too, and those mergers.

    Of a merger that an earlier version carried out only its alias is known: as good as the oldest.
    """
    known: dict[str, Merger] = {}
    aliases: dict[str, Alias] = {}
    group, frontier = set[str](), {citizen_id}
    while frontier:
        group |= frontier
        fresh = await rows.mergers_of(frontier)
        known |= {merger.event_id: merger for merger in fresh}
        for id_ in frontier:
            found = [await rows.alias(id_), *await rows.aliases_of(id_)]
            aliases |= {alias.merged_id: alias for alias in found if alias}
        joined = {id_ for m in known.values() for id_ in (m.merged_id, m.surviving_id) if id_}
        frontier = (joined | {id_ for a in aliases.values() for id_ in a[:2]}) - group
    told = {merger.merged_id for merger in known.values()}
    former = [
        Merger("", alias.merged_id, alias.to, _LONG_AGO)
        for alias in aliases.values()
        if alias.merged_id not in told
    ]
    return group, [*former, *known.values()]
