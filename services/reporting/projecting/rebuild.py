"""Makes a ward's figures anew from its facts, while new facts keep coming."""

from collections.abc import Awaitable, Callable, Collection
from contextlib import AbstractAsyncContextManager
from typing import Protocol

from services.platform.mongo import Database, Session
from services.reporting.counting.difference import Differences
from services.reporting.counting.judging import Measures
from services.reporting.definitions.filters import FILTERS
from services.reporting.definitions.measure import Measure
from services.reporting.projecting.projection import CellStore, FactStore, Transact
from services.reporting.projecting.verify import missing
from services.reporting.stores.fact_indexing_store import FactIndexing

SHAPE = 3
"""Goes up when figures are kept in other documents than before, or facts are found otherwise (2:
members by month; 3: what has a life is found wherever it was recorded)."""


class Revisions(Protocol):
    """What tells whether a transaction of a partition came in between."""

    async def revision(self, partition: int) -> int: ...
    async def claim(self, partition: int, revision: int, session: Session | None) -> None: ...


OneInstant = Callable[[], AbstractAsyncContextManager[Session | None]]


class Rebuild:
    """Adds to a ward's figures what they lack; done twice, the second adds nothing.

    What they lack at one instant they lack for ever: whatever is projected meanwhile, in other
    partitions too, adds exactly what it changes.
    """

    def __init__(
        self,
        measures: Measures,
        facts: FactStore,
        cells: CellStore,
        revisions: Revisions,
        transact: Transact,
        one_instant: OneInstant,
    ) -> None:
        self._measures = measures
        self._facts = facts
        self._cells = cells
        self._revisions = revisions
        self._transact = transact
        self._one_instant = one_instant

    async def ward(self, ward: str, partition: int) -> Differences:
        """What was added. Facts are read before the transaction, which a large ward would outlast.

        Raises: Moved when the partition was written meanwhile; nothing was added then.
        """
        revision = await self._revisions.revision(partition)
        async with self._one_instant() as instant:
            difference = await missing(ward, self._measures, self._facts, self._cells, instant)

        async def work(session: Session | None) -> None:
            await self._revisions.claim(partition, revision, session)
            await self._cells.apply(difference, session)

        if difference:
            await self._transact(work)
        return difference


class Requests:
    """Wards whose figures are to be made anew, each by the worker of its partition."""

    def __init__(self, database: Database) -> None:
        self._requests = database["rebuilds"]
        self._catalogue = database["catalogue"]

    async def ask(self, wards: Collection[str]) -> None:
        """Asked twice, done once."""
        for ward in wards:
            await self._requests.replace_one({"_id": ward}, {}, upsert=True)

    async def ask_if_new(
        self,
        measures: Collection[Measure],
        wards: Collection[str],
        find_anew: Callable[[], Awaitable[None]],
    ) -> None:
        """Ask for these wards when other measures were counted before, by another formula, or
        kept otherwise.

        `find_anew` asks for facts to be found by the keys of these measures and by these filters.
        """
        names = sorted(f"{m.name}({','.join(m.labels)})@{m.version}" for m in measures)
        now = {"names": names, "filters": sorted(FILTERS), "shape": SHAPE}
        before = await self._catalogue.find_one({"_id": "measures"}, {"_id": 0})
        if before and before != now:
            await find_anew()
            await self.ask(wards)
        await self._catalogue.replace_one({"_id": "measures"}, now, upsert=True)

    async def open(self) -> list[str]:
        """Wards still to be done."""
        return sorted([request["_id"] async for request in self._requests.find()])

    async def left(self) -> int:
        """How many wards are still to be done."""
        return await self._requests.count_documents({})

    async def any(self) -> bool:
        """Whether any ward is still to be done."""
        return await self._requests.find_one({}) is not None

    async def done(self, ward: str) -> None:
        """The ward's figures are right again."""
        await self._requests.delete_one({"_id": ward})


class Due:
    """Requests as workers take them: none before every fact can be found by its keys."""

    def __init__(self, requests: Requests, keying: FactIndexing) -> None:
        self._requests = requests
        self._keying = keying

    async def open(self) -> list[str]:
        """Wards still to be done."""
        await self._keying.finish()
        return await self._requests.open()

    async def done(self, ward: str) -> None:
        """The ward's figures are right again."""
        await self._requests.done(ward)
