"""The blind index in memory; it passes the suite of the real one."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime

from services.registration.citizens.identity import Kind
from services.registration.citizens.rows import Alias, IndexRow, Merger, Repoint


class MemoryRowStore:
    """Rows in a dictionary; counts its round trips."""

    def __init__(self) -> None:
        self.rows: dict[bytes, IndexRow] = {}
        self.aliases: dict[str, Alias] = {}
        self.mergers: dict[str, Merger] = {}
        self.round_trips = 0

    async def insert(self, rows: Sequence[IndexRow]) -> Mapping[bytes, IndexRow]:
        known = {row.hash: self.rows[row.hash] for row in rows if row.hash in self.rows}
        self.rows |= {row.hash: row for row in rows if row.hash not in known}
        self.round_trips += 2 if known else 1
        return known

    async def find(self, hashes: Collection[bytes]) -> Mapping[bytes, IndexRow]:
        self.round_trips += bool(hashes)
        return {hash_: self.rows[hash_] for hash_ in hashes if hash_ in self.rows}

    async def of(self, to: str) -> Sequence[IndexRow]:
        return sorted((r for r in self.rows.values() if r.to == to), key=lambda row: row.hash)

    async def with_national_id(self, citizens: Collection[str]) -> set[str]:
        self.round_trips += 1
        kinds = (Kind.NATIONAL_ID, Kind.MEMBER_NATIONAL_ID)
        return {r.to for r in self.rows.values() if r.kind in kinds and r.to in citizens}

    async def repoint(self, changes: Sequence[Repoint]) -> None:
        self.round_trips += 1
        for change in changes:
            row = self.rows.get(change.hash)
            if row and row.to == change.was:
                data_key = change.data_key or row.data_key
                self.rows[change.hash] = replace(
                    row,
                    to=change.to,
                    data_key=data_key,
                    home=change.home,
                    home_key=change.home_key,
                    names=row.names if change.names is None else change.names,
                    seen_at=row.seen_at if change.names is None else None,
                )

    async def note_use(self, uses: Sequence[tuple[bytes, str]]) -> None:
        for hash_, event_id in uses:
            row = self.rows.get(hash_)
            if row and row.used_by and event_id not in row.used_by:
                self.rows[hash_] = replace(row, used_by=(*row.used_by, event_id))

    async def met_at(self, hash_: bytes, address: bytes) -> None:
        if row := self.rows.get(hash_):
            addresses = tuple(dict.fromkeys((*row.addresses, address)))
            self.rows[hash_] = replace(row, addresses=addresses)

    async def at_addresses(self, addresses: Collection[bytes]) -> set[str]:
        return {row.to for row in self.rows.values() if {*row.addresses} & {*addresses}}

    async def note_met(self, meetings: Sequence[tuple[bytes, str]]) -> None:
        for hash_, ward in meetings:
            row = self.rows.get(hash_)
            if row and ward not in (row.met or ()):
                self.rows[hash_] = replace(row, met=(*(row.met or ()), ward))

    async def data_keys(self, citizens: Collection[str]) -> Mapping[str, bytes]:
        kinds = (Kind.NATIONAL_ID, Kind.PHONE)
        rows = (row for row in self.rows.values() if row.kind in kinds)
        keys = {a.merged_id: a.data_key for a in self.aliases.values()}
        keys |= {row.home: row.home_key for row in self.rows.values() if row.home}
        keys |= {row.to: row.data_key for row in rows}
        return {id_: key for id_, key in keys.items() if id_ in citizens and key}

    async def add_alias(self, alias: Alias) -> None:
        before = self.aliases.get(alias.merged_id)
        data_key = alias.data_key or (before.data_key if before else None)
        self.aliases[alias.merged_id] = alias._replace(data_key=data_key)

    async def alias(self, citizen_id: str) -> Alias | None:
        return self.aliases.get(citizen_id)

    async def aliases_of(self, to: str) -> Sequence[Alias]:
        found = (alias for alias in self.aliases.values() if alias.to == to)
        return sorted(found, key=lambda alias: alias.merged_id)

    async def remove_alias(self, merged_id: str) -> None:
        self.aliases.pop(merged_id, None)

    async def note_merger(self, merger: Merger) -> None:
        before = self.mergers.get(merger.event_id, merger)
        self.mergers[merger.event_id] = replace(merger, voided=before.voided)

    async def note_voided_merger(self, event_id: str, merged_id: str) -> None:
        unknown = Merger(event_id, merged_id, "", datetime.fromtimestamp(0, UTC))
        merger = self.mergers.get(event_id, unknown)
        self.mergers[event_id] = replace(merger, voided=True)

    async def mergers_of(self, citizens: Collection[str]) -> Sequence[Merger]:
        found = (m for m in self.mergers.values() if {m.merged_id, m.surviving_id} & {*citizens})
        return sorted(found, key=lambda merger: merger.event_id)

    async def written_for(self, citizen_id: str) -> Sequence[IndexRow]:
        found = (row for row in self.rows.values() if (row.home or row.to) == citizen_id)
        return sorted(found, key=lambda row: row.hash)

    async def erase(self, ids: Collection[str]) -> None:
        self.rows = {
            hash_: row for hash_, row in self.rows.items() if not {row.to, row.home} & {*ids}
        }
        for id_ in self.aliases.keys() & {*ids}:
            self.aliases[id_] = self.aliases[id_]._replace(data_key=None)

    async def remove_unused(self, rows: Sequence[IndexRow]) -> None:
        for row in rows:
            found = self.rows.get(row.hash)
            if found and found.used_by == row.used_by:
                del self.rows[row.hash]

    async def unsettled(self, before: datetime, limit: int) -> Sequence[IndexRow]:
        found = (row for row in self.rows.values() if row.used_by and row.at < before)
        return sorted(found, key=lambda row: row.at)[:limit]

    async def page(self, after: bytes, limit: int) -> Sequence[IndexRow]:
        found = (row for row in self.rows.values() if row.hash > after)
        return sorted(found, key=lambda row: row.hash)[:limit]

    async def reseal(self, rows: Sequence[IndexRow]) -> None:
        for row in rows:
            found = self.rows.get(row.hash)
            if found and found.to == row.to:
                self.rows[row.hash] = replace(
                    found, data_key=row.data_key, hint=row.hint, home_key=row.home_key
                )

    async def note_seen(self, rows: Sequence[IndexRow]) -> None:
        for row in rows:
            found = self.rows.get(row.hash)
            if found and found.to == row.to:
                self.rows[row.hash] = replace(found, seen_at=row.seen_at, names=row.names)

    async def remove_former(self, rows: Sequence[IndexRow]) -> None:
        for row in rows:
            self.rows.pop(row.former or b"", None)
            if found := self.rows.get(row.hash):
                self.rows[row.hash] = replace(found, former=None)

    async def settle(self, hashes: Collection[bytes]) -> None:
        for hash_ in hashes:
            if row := self.rows.get(hash_):
                self.rows[hash_] = replace(row, used_by=())
