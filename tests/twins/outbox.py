"""The outbox of a log in memory; it passes the suite of the one in MongoDB."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from services.messaging.log.completeness import Tally
from services.messaging.log.stored import Stored
from services.messaging.relay.outbox import Backlog, Superseded
from services.messaging.relay.readers import Deliveries
from services.messaging.topology import partition_of, partition_queue
from services.platform.clock import Clock, utc_now
from tests.twins.event_log import EventLogTwin


class OutboxTwin:
    """What waits in a log's twin."""

    def __init__(self, log: EventLogTwin, *, partitions: int = 4, clock: Clock = utc_now) -> None:
        self._log = log
        self._partitions = partitions
        self._clock = clock
        self._term = 0
        self._owed: dict[str, tuple[set[str], datetime]] = {}
        self._counted = False
        self._tallies: dict[int, Tally] = {}

    async def now(self) -> datetime:
        self._log.reach()
        return self._clock()

    async def lead(self, term: int) -> None:
        self._log.reach()
        if term < self._term:
            raise Superseded
        self._term = term
        if not self._counted:
            self._tallies = {}

    async def count_anew(self, term: int) -> None:
        self._check(term)
        if not self._counted:
            self._tallies = {}
            for entry in self._log.entries.values():
                if not entry.held and not entry.pending and not self._owes_partition(entry):
                    self._add(partition_of(entry.ward, self._partitions), [entry.event_id])
            self._counted = True

    async def pending(self, limit: int, since: datetime | None = None) -> list[Stored]:
        self._log.reach()
        waiting = [(s.pending, s) for s in self._log.entries.values() if s.pending]
        found = [(at, s) for at, s in waiting if since is None or at >= since]
        return [s for _, s in sorted(found, key=lambda pair: pair[0])[:limit]]

    async def newest_pending(self) -> datetime | None:
        waiting = await self.pending(1_000_000)
        return waiting[-1].pending if waiting else None

    async def owed(self, reader: str, limit: int) -> list[Stored]:
        self._log.reach()
        found = [(at, id_) for id_, (readers, at) in self._owed.items() if reader in readers]
        return [self._log.entries[id_] for _, id_ in sorted(found)[:limit]]

    async def record(self, term: int, done: Deliveries) -> None:
        self._check(term)
        ids = [event_id for found in done.owed.values() for event_id in found]
        if not all(self._log.entries[event_id].pending for event_id in ids):
            raise Superseded
        for readers, found in done.owed.items():
            for event_id in found:
                entry = self._log.entries[event_id]
                if readers and entry.pending:
                    self._owed[event_id] = (set(readers), entry.pending)
                self._log.entries[event_id] = replace(entry, pending=None)
        self._tally(done)

    async def settle(self, term: int, reader: str, done: Deliveries) -> None:
        self._check(term)
        for event_id in done.owed.get((), ()):
            readers, _ = self._owed[event_id]
            readers.discard(reader)
            if not readers:
                del self._owed[event_id]
        self._tally(done)

    async def tallies(self, term: int) -> Mapping[int, Tally] | None:
        self._check(term)
        known = {n: self._tallies.get(n, Tally()) for n in range(self._partitions)}
        return known if self._counted else None

    async def owing(self) -> Mapping[str, Backlog]:
        self._log.reach()
        readers = {reader for owed, _ in self._owed.values() for reader in owed}
        return {reader: self._owed_to(reader) for reader in readers}

    async def backlog(self) -> Backlog:
        waiting = await self.pending(10_000)
        return Backlog(len(waiting), waiting[0].pending if waiting else None)

    def _owed_to(self, reader: str) -> Backlog:
        since = [at for readers, at in self._owed.values() if reader in readers]
        return Backlog(len(since), min(since, default=None))

    def _owes_partition(self, entry: Stored) -> bool:
        queue = partition_queue(partition_of(entry.ward, self._partitions))
        return queue in self._owed.get(entry.event_id, (set(), None))[0]

    def _tally(self, done: Deliveries) -> None:
        for partition, tally in done.tallies.items():
            known = self._tallies.get(partition, Tally())
            self._tallies[partition] = Tally(known.count + tally.count, known.digest + tally.digest)

    def _add(self, partition: int, event_ids: list[str]) -> None:
        self._tallies[partition] = self._tallies.get(partition, Tally()).plus(event_ids)

    def _check(self, term: int) -> None:
        self._log.reach()
        if term != self._term:
            raise Superseded
