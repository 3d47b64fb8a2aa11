"""What reporting sets aside is known to its answers before it lies among the dead letters."""

from collections.abc import Iterable, Sequence

from services.messaging.dead_letters.letters import Bury, Unreadable
from services.messaging.log.completeness import PUBLISHERS
from services.messaging.topology import partition_of
from services.platform.clock import Clock, utc_now
from services.platform.mongo import Session
from services.reporting.projecting.projection import Transact
from services.reporting.stores.aside_store import Aside, Buried, buried_of
from services.reporting.stores.progress_store import Progress


class Burial:
    """Writes down, then buries: done twice, it is the same."""

    def __init__(
        self,
        bury: Bury,
        aside: Aside,
        progress: Progress,
        transact: Transact,
        clock: Clock = utc_now,
    ) -> None:
        self._bury = bury
        self._aside = aside
        self._progress = progress
        self._transact = transact
        self._clock = clock

    async def __call__(self, queue: str, unreadable: Sequence[Unreadable]) -> None:
        """Raises: BrokerUnavailable, Unconfirmed."""
        if events := list(self._events(unreadable)):
            await self._write_down(events)
        await self._bury(queue, unreadable)

    def _events(self, unreadable: Sequence[Unreadable]) -> Iterable[Buried]:
        """Those that a log counts on; of junk and strangers nobody waits for anything."""
        for letter in unreadable:
            if letter.delivery.app_id in PUBLISHERS:
                yield from buried_of(letter.elements or (), letter.reason, self._clock())

    async def _write_down(self, events: Sequence[Buried]) -> None:
        partitions = {partition_of(event.ward, self._progress.partitions) for event in events}

        async def work(session: Session | None) -> None:
            await self._aside.bury(events, session)
            for partition in sorted(partitions):
                await self._progress.set_aside(partition, session)

        await self._transact(work)
