"""What a batch changes beside facts and figures: where its partition stands."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple, Protocol

from services.events.envelope import Event
from services.messaging.consumer.arrivals import Arrival
from services.messaging.dead_letters.leaving import Leaving
from services.platform.clock import Clock
from services.platform.mongo import Session
from services.reporting.counting.keys import Key
from services.reporting.stores.fact_store import Known
from services.reporting.stores.progress_store import State
from services.reporting.stores.standing import after


class Batch(NamedTuple):
    """What a partition's queue delivered together."""

    partition: int
    arrivals: Sequence[Arrival]

    @property
    def events(self) -> list[Event]:
        """Those among them, in their order."""
        return [arrival for arrival in self.arrivals if isinstance(arrival, Event)]

    @property
    def leavings(self) -> list[Leaving]:
        """The same of what is left."""
        return [arrival for arrival in self.arrivals if isinstance(arrival, Leaving)]


class ProgressStore(Protocol):
    """How far each partition has come."""

    partitions: int

    async def read(
        self, partitions: Collection[int], session: Session | None
    ) -> Mapping[int, State]: ...
    async def move(self, moves: Mapping[int, State], session: Session | None) -> None: ...


class AsideStore(Protocol):
    """Which events a partition goes without."""

    async def settled(self, event_ids: Collection[str], session: Session | None) -> None: ...
    async def leave(self, leavings: Sequence[Leaving], session: Session | None) -> set[str]: ...
    async def come(self, event_ids: Collection[str], session: Session | None) -> set[str]: ...
    async def any(self, partition: int, session: Session | None) -> bool: ...


class FactFinder(Protocol):
    """Whether an event is a fact already."""

    async def find(
        self, ids: Collection[str], keys: Collection[Key], session: Session | None
    ) -> Known: ...


class Standings:
    """Moves the partitions of some batches, in their transaction."""

    def __init__(
        self, facts: FactFinder, progress: ProgressStore, aside: AsideStore, clock: Clock
    ) -> None:
        self._facts = facts
        self._progress = progress
        self._aside = aside
        self._clock = clock

    async def read(self, batches: Sequence[Batch], session: Session | None) -> Mapping[int, State]:
        """Where they stand before. Raises: NotCounted, OtherDivision."""
        return await self._progress.read([batch.partition for batch in batches], session)

    async def move(
        self,
        batches: Sequence[Batch],
        before: Mapping[int, State],
        fresh: Collection[str],
        session: Session | None,
    ) -> None:
        """After it; `fresh`: the ids of all that has become a fact."""
        moves = {
            batch.partition: await self._moved(batch, before[batch.partition], fresh, session)
            for batch in batches
        }
        await self._progress.move(moves, session)

    async def _moved(
        self, batch: Batch, state: State, fresh: Collection[str], session: Session | None
    ) -> State:
        counted, aside = {event.id for event in batch.events} & set(fresh), False
        if state.aside or batch.leavings:
            counted = await self._settle(batch, counted, session)
            aside = await self._aside.any(batch.partition, session)
        partitions, now = self._progress.partitions, self._clock()
        standing = after(state.standing, batch.arrivals, counted, partitions, now)
        return replace(state, standing=standing, aside=aside)

    async def _settle(self, batch: Batch, fresh: set[str], session: Session | None) -> set[str]:
        """Which ids come into the tallies: what was left out before stands in them already."""
        left = {leaving.id: leaving for leaving in batch.leavings}
        facts = (await self._facts.find(left, (), session)).facts if left else {}
        lacking = [
            leaving for id_, leaving in left.items() if id_ not in facts or not facts[id_].fact
        ]
        await self._aside.settled({*left, *(event.id for event in batch.events)}, session)
        before = await self._aside.come(fresh, session) if fresh else set()
        return fresh - before | await self._aside.leave(lacking, session)
