"""Makes the tallies anew from the facts: at the first start, and where they are of another time."""

from collections import defaultdict
from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Mapping
from typing import Any

import structlog

from services.messaging.log.completeness import Tally, log_of_source
from services.messaging.topology import partition_of
from services.platform.mongo import Database, Document, Session
from services.reporting.projecting.projection import Transact
from services.reporting.stores.progress_store import Moved, Progress

_BATCH = 10_000
_FIELDS = {"ward": 1, "source": 1}
_COLLECTIONS = ("facts", "left_out")
"""What counts: a fact's ward is a key, that of an event left out a code."""
Tallies = Mapping[int, Mapping[str, Tally]]

log = structlog.get_logger(__name__)


class TallyRecount:
    """Reads ids, wards and sources of all that is kept: minutes for millions."""

    def __init__(self, database: Database, progress: Progress, transact: Transact) -> None:
        self._database = database
        self._progress = progress
        self._transact = transact

    async def where_needed(self) -> None:
        """Every partition whose tallies are not those of its facts; before its consumer begins."""
        while wanted := await self._progress.uncounted():
            log.info("events are counted anew", partitions=sorted(wanted))
            try:
                await self._count(wanted.keys(), others=any(wanted.values()))
            except Moved:
                log.warning("somebody projects meanwhile; counted again")

    async def one(self, partition: int) -> None:
        """The tallies of one partition, of which nothing is projected meanwhile. Raises: Moved."""
        await self._count({partition}, others=False)

    async def _count(self, partitions: Collection[int], *, others: bool) -> None:
        """`others`: nobody may have projected anything, for wards change their partitions."""
        seen = await self._progress.revisions()
        tallies = await self._tallies(partitions)

        async def work(session: Session | None) -> None:
            for partition in seen if others else partitions:
                await self._progress.claim(partition, seen[partition], session)
            for partition in partitions:
                await self._progress.count(partition, tallies[partition], session)

        await self._transact(work)

    async def _tallies(self, partitions: Collection[int]) -> Tallies:
        tallies = {n: defaultdict[str, Tally](Tally) for n in partitions}
        for name in _COLLECTIONS:
            async for documents in _chunks(self._database[name].find({}, _FIELDS).to_list):
                for (partition, publisher), ids in self._sorted(documents).items():
                    if partition in tallies:
                        of_log = tallies[partition]
                        of_log[publisher] = of_log[publisher].plus(ids)
        return tallies

    def _sorted(self, documents: Collection[Document]) -> Mapping[tuple[int, str], list[str]]:
        """A void that waits for its target is no fact, and has no source."""
        ids: dict[tuple[int, str], list[str]] = {}
        for document in documents:
            if source := document.get("source"):
                code = document["ward"].partition("@")[0]
                partition = partition_of(code, self._progress.partitions)
                ids.setdefault((partition, log_of_source(source)), []).append(document["_id"])
        return ids


async def _chunks(read: Callable[[int], Awaitable[list[Any]]]) -> AsyncIterator[list[Any]]:
    while documents := await read(_BATCH):
        yield documents
