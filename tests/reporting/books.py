"""Reporting without HTTP: stores, projection, rebuild and verify, on twins or on the real ones."""

from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass

from services.events.envelope import Event
from services.platform.mongo import Client, Session, transact
from services.reporting.cells import Cells
from services.reporting.difference import Differences, Measures
from services.reporting.facts import Facts
from services.reporting.measures import MEASURES
from services.reporting.members import Members
from services.reporting.projection import Projection
from services.reporting.rebuild import Rebuild
from services.reporting.true_as_of import Progress
from services.reporting.verify import missing
from tests.twins.cells import CellsInMemory
from tests.twins.facts import FactsInMemory
from tests.twins.progress import ProgressInMemory

PARTITION = 0


@dataclass
class Books:
    """All that reporting keeps."""

    facts: Facts | FactsInMemory
    cells: Cells | CellsInMemory
    progress: Progress | ProgressInMemory
    measures: Measures
    projection: Projection
    rebuilding: Rebuild

    async def project(self, *batches: Iterable[Event]) -> None:
        """One transaction a batch."""
        for batch in batches:
            await self.projection.project(PARTITION, list(batch), {})

    async def wrong(self) -> list[Differences]:
        """What `verify` finds, ward by ward."""
        wards = {*await self.facts.wards(), *await self.cells.wards()}
        found = [await missing(w, self.measures, self.facts, self.cells, None) for w in wards]
        return [difference for difference in found if difference]

    async def rebuild(self) -> None:
        """Every ward, one after the other."""
        for ward in {*await self.facts.wards(), *await self.cells.wards()}:
            await self.rebuilding.ward(ward, PARTITION)


async def _at_once(work: Callable[[Session | None], Awaitable[None]]) -> None:
    await work(None)


def books_in_memory() -> Books:
    """Twins of all stores."""
    facts = FactsInMemory()
    cells, progress, measures = (
        CellsInMemory(facts.merges),
        ProgressInMemory(),
        Measures(MEASURES),
    )
    return Books(
        facts,
        cells,
        progress,
        measures,
        Projection(measures, facts, cells, progress, _at_once),
        Rebuild(measures, facts, cells, progress, _at_once),
    )


async def real_books(client: Client, database_name: str) -> Books:
    """The real stores in a database of their own."""
    database = client[database_name]
    facts, progress, measures = Facts(database), Progress(database), Measures(MEASURES)
    cells = Cells(database, Members(database, facts.merges))
    await facts.prepare()
    await cells.prepare()
    await progress.prepare(4)

    async def in_transaction(work: Callable[[Session | None], Awaitable[None]]) -> None:
        await transact(client, lambda session: _run(work, session))

    return Books(
        facts,
        cells,
        progress,
        measures,
        Projection(measures, facts, cells, progress, in_transaction),
        Rebuild(measures, facts, cells, progress, in_transaction),
    )


async def _run(work: Callable[[Session | None], Awaitable[None]], session: Session) -> None:
    await work(session)
