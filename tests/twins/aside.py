"""Which events a partition goes without, in memory."""

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from datetime import datetime

from services.messaging.dead_letters.leaving import Leaving
from services.messaging.log.completeness import log_of_source
from services.messaging.topology import partition_of
from services.platform.mongo import Session
from services.reporting.stores.aside_store import Buried, Some


class AsideInMemory:
    """Passes the suite of `Aside`."""

    def __init__(self, partitions: int = 1) -> None:
        self._partitions = partitions
        self._buried: dict[str, Buried] = {}
        self._left_out: dict[str, Leaving] = {}

    async def bury(self, events: Iterable[Buried], session: Session | None) -> None:
        """They wait for an operator."""
        for event in events:
            self._buried.setdefault(event.id, event)

    async def settled(self, event_ids: Collection[str], session: Session | None) -> None:
        """These wait for nobody any more."""
        for event_id in event_ids:
            self._buried.pop(event_id, None)

    async def leave(self, leavings: Sequence[Leaving], session: Session | None) -> set[str]:
        """The ids of those that were not left out before."""
        fresh = {one.id: one for one in leavings if one.id not in self._left_out}
        self._left_out |= fresh
        return set(fresh)

    async def come(self, event_ids: Collection[str], session: Session | None) -> set[str]:
        """Those of them that were left out; they are no longer."""
        return {id_ for id_ in event_ids if self._left_out.pop(id_, None)}

    async def any(self, partition: int, session: Session | None) -> bool:
        """Whether anything of the partition is buried or left out."""
        kept: list[Buried | Leaving] = [*self._buried.values(), *self._left_out.values()]
        return any(partition_of(one.ward, self._partitions) == partition for one in kept)

    async def buried(self) -> list[Some]:
        """What waits for an operator."""
        return self._some((e.ward, e.source, e.since) for e in self._buried.values())

    async def left_out(self) -> list[Some]:
        """What the figures go without."""
        return self._some((e.ward, e.source, e.at) for e in self._left_out.values())

    def _some(self, rows: Iterable[tuple[str, str, datetime]]) -> list[Some]:
        count, since = Counter[tuple[int, str, str]](), dict[tuple[int, str, str], datetime]()
        for ward, source, at in rows:
            place = (partition_of(ward, self._partitions), log_of_source(source), ward)
            count[place] += 1
            since[place] = min(at, since.get(place, at))
        return [Some(*place, count[place], since[place]) for place in sorted(count)]
