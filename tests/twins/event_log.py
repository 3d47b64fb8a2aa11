"""The event log in memory; it passes the suite of the one in MongoDB."""

import asyncio
from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from services.events import registry
from services.events.envelope import Event
from services.messaging.log.entry import Appended, Entry, repeated
from services.messaging.log.stored import Stored, store, target_of
from services.messaging.topology import partition_of
from services.platform.clock import Clock, utc_now
from services.platform.unavailable import Unavailable


class EventLogTwin:
    """Everything that was appended, by id; `down` makes it as one without a database."""

    def __init__(self, *, partitions: int = 4, clock: Clock = utc_now) -> None:
        self.appended = asyncio.Event()
        self.entries: dict[str, Stored] = {}
        self.down = False
        self._partitions = partitions
        self._clock = clock

    async def append(self, entry: Entry) -> Appended:
        return (await self.append_all([entry]))[0]

    async def append_all(self, entries: Sequence[Entry]) -> list[Appended]:
        self.reach()
        stored = [store(entry, self._partitions, self._clock()) for entry in entries]
        self.announce()
        return [self._put(one) for one in stored]

    async def insert_in(self, session: Any, entries: Sequence[Entry]) -> None:
        self.reach()
        if any(entry.event.id in self.entries for entry in entries):
            raise Unavailable("another append of this id came between")
        for entry in entries:
            self._put(store(entry, self._partitions, self._clock()))

    def announce(self) -> None:
        self.appended.set()

    async def find(self, event_id: str) -> Stored | None:
        self.reach()
        return self.entries.get(event_id)

    async def find_all(self, event_ids: Collection[str]) -> dict[str, Stored]:
        self.reach()
        return {id_: self.entries[id_] for id_ in event_ids if id_ in self.entries}

    async def histories(
        self, subjects: Collection[str], session: Any = None
    ) -> dict[str, list[Event]]:
        self.reach()
        decided = sorted(
            (s for s in self.entries.values() if s.decided), key=lambda s: (s.time, s.event_id)
        )
        return {name: [s.event for s in decided if s.subject == name] for name in subjects}

    async def hashes(self, event_ids: Collection[str], session: Any = None) -> dict[str, bytes]:
        self.reach()
        return {id_: s.payload_hash for id_, s in self.entries.items() if id_ in event_ids}

    async def is_voided(self, event_id: str) -> bool:
        self.reach()
        return any(s.target == event_id and not s.held for s in self.entries.values())

    async def held_for(self, targets: Sequence[str]) -> list[Stored]:
        self.reach()
        return [s for s in self._waiting() if s.target in targets]

    async def held(self, after: str, limit: int) -> list[Stored]:
        self.reach()
        found = sorted(s.event_id for s in self._waiting() if s.event_id > after)
        return [self.entries[i] for i in found[:limit]]

    async def refuse_held(self, event_id: str) -> None:
        self.reach()
        self.entries[event_id] = replace(self.entries[event_id], refused=True)

    async def publish(self, event: Event, session: Any = None, *, decided: bool = False) -> bool:
        self.reach()
        found = self.entries.get(event.id)
        if found is None or not found.held:
            return False
        self.entries[event.id] = replace(
            found,
            subject=event.subject,
            ward=event.ward,
            recorded_at=event.recordedtime or found.recorded_at,
            target=target_of(event, held=False),
            partition=partition_of(event.ward, self._partitions),
            body=registry.encode(event),
            pending=self._clock(),
            held=False,
            decided=decided or found.decided,
        )
        self.announce()
        return True

    async def page(self, after: str, limit: int, since: datetime | None = None) -> list[Stored]:
        self.reach()
        found = sorted(
            i
            for i, s in self.entries.items()
            if i > after and not s.held and (since is None or s.recorded_at >= since)
        )
        return [self.entries[i] for i in found[:limit]]

    def _put(self, new: Stored) -> Appended:
        known = self.entries.setdefault(new.event_id, new)
        if known is new:
            return Appended.ACCEPTED
        return repeated(new.payload_hash, known.payload_hash)

    def _waiting(self) -> list[Stored]:
        return [s for s in self.entries.values() if s.held and not s.refused]

    def reach(self) -> None:
        """Raises: Unavailable."""
        if self.down:
            raise Unavailable("the database is down")
