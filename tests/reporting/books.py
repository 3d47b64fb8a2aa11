"""Reporting without HTTP: stores, projection, rebuild and verify, on twins or on the real ones."""

from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TypeVar

from services.events.envelope import Event
from services.platform.mongo import Client, Session
from services.reporting.counting.difference import Differences
from services.reporting.counting.judging import Measures
from services.reporting.definitions.measure import Measure
from services.reporting.measures import MEASURES
from services.reporting.projecting.bookkeeping import Bookkeeping
from services.reporting.projecting.projection import Projection
from services.reporting.projecting.rebuild import Rebuild
from services.reporting.projecting.verify import missing, wards_of
from services.reporting.stores.aside_store import Aside
from services.reporting.stores.cell_store import Cells
from services.reporting.stores.fact_store import Facts
from services.reporting.stores.progress_store import Progress
from tests.twins.aside import AsideInMemory
from tests.twins.cells import CellsInMemory
from tests.twins.facts import FactsInMemory
from tests.twins.progress import ProgressInMemory

T = TypeVar("T")
PARTITION = 0


@dataclass
class Books:
    """All that reporting keeps."""

    facts: Facts | FactsInMemory
    cells: Cells | CellsInMemory
    progress: Progress | ProgressInMemory
    aside: Aside | AsideInMemory
    measures: Measures
    projection: Projection
    rebuilding: Rebuild

    async def project(self, *batches: Iterable[Event]) -> None:
        """One transaction a batch."""
        for batch in batches:
            await self.projection.project(PARTITION, list(batch))

    async def wrong(self) -> list[Differences]:
        """What `verify` finds, ward by ward."""
        wards = await wards_of(self.facts, self.cells)
        found = [await missing(w, self.measures, self.facts, self.cells, None) for w in wards]
        return [difference for difference in found if difference]

    async def rebuild(self) -> None:
        """Every ward, one after the other."""
        for ward in await wards_of(self.facts, self.cells):
            await self.rebuilding.ward(ward, PARTITION)


async def _at_once(work: Callable[[Session | None], Awaitable[T]], /) -> T:
    return await work(None)


@asynccontextmanager
async def _no_session() -> AsyncIterator[None]:
    yield None


def books_in_memory(
    progress: ProgressInMemory | None = None, counted: Iterable[Measure] = MEASURES
) -> Books:
    """Twins of all stores."""
    progress = progress or ProgressInMemory()
    facts, aside, measures = FactsInMemory(), AsideInMemory(), Measures(counted)
    cells = CellsInMemory(facts.merges)
    projection = Projection(measures, facts, cells, progress, aside, _at_once)
    rebuild = Rebuild(measures, facts, cells, progress, _at_once, _no_session)
    return Books(facts, cells, progress, aside, measures, projection, rebuild)


async def real_books(client: Client, database_name: str) -> Books:
    """The real stores in a database of their own."""
    real = Bookkeeping(client, database_name, partitions=4)
    await real.prepare()
    return Books(
        real.facts,
        real.cells,
        real.progress,
        real.aside,
        real.measures,
        real.projection,
        real.rebuild,
    )
