"""All that reporting keeps, on one database: made once by whoever needs it."""

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from typing import TypeVar

from services.platform.clock import Clock, utc_now
from services.platform.mongo import Client, Session, transact
from services.reporting.counting.difference import Differences
from services.reporting.counting.judging import Measures
from services.reporting.definitions.measure import Measure
from services.reporting.measures import MEASURES
from services.reporting.projecting.completeness import Completeness, completeness
from services.reporting.projecting.projection import Projection
from services.reporting.projecting.rebuild import Due, Rebuild, Requests
from services.reporting.projecting.tallies import TallyRecount
from services.reporting.projecting.verify import missing, wards_of
from services.reporting.stores.aside_store import Aside
from services.reporting.stores.cell_store import Cells
from services.reporting.stores.fact_indexing_store import FactIndexing
from services.reporting.stores.fact_store import Facts
from services.reporting.stores.member_store import Members
from services.reporting.stores.progress_store import Progress

T = TypeVar("T")


class Bookkeeping:
    """The real stores, and what works on them."""

    def __init__(
        self,
        client: Client,
        database_name: str,
        partitions: int,
        clock: Clock = utc_now,
        measures: Sequence[Measure] = MEASURES,
    ) -> None:
        self.database = database = client[database_name]
        self._client = client
        self._clock = clock
        self.measures = Measures(measures)
        self.facts = Facts(database)
        self.requests = Requests(database)
        members = Members(database, self.facts.merges)
        self.cells = Cells(database, members, self.requests.any)
        self.progress = Progress(database, partitions)
        self._keying = FactIndexing(
            database, self.facts, self.measures.keys, self.progress.let_through
        )
        self.due = Due(self.requests, self._keying)
        self.aside = Aside(database, partitions)
        self.counting = TallyRecount(database, self.progress, self.transact)
        self.projection = Projection(
            self.measures,
            self.facts,
            self.cells,
            self.progress,
            self.aside,
            self.transact,
            clock,
        )
        self.rebuild = Rebuild(
            self.measures,
            self.facts,
            self.cells,
            self.progress,
            self.transact,
            self._one_instant,
        )

    async def prepare(self) -> None:
        """Make collections, indexes and tallies, and ask for a rebuild where the measures changed.

        Before any consumer begins: what is counted anew must stand still.
        """
        await self.facts.prepare()
        await self.cells.prepare()
        await self.aside.prepare()
        await self.progress.prepare()
        await self.counting.where_needed()
        measures = list(self.measures.by_name.values())
        await self.requests.ask_if_new(measures, await self.wards(), self._keying.ask)

    async def wards(self) -> list[str]:
        """All wards, by key, of which there is anything."""
        return await wards_of(self.facts, self.cells)

    async def verify(self) -> AsyncIterator[tuple[str, Differences]]:
        """Each ward with what its figures lack; each is read at one instant."""
        for ward in await self.wards():
            async with self._one_instant() as session:
                yield ward, await missing(ward, self.measures, self.facts, self.cells, session)

    async def completeness(self) -> Completeness:
        """What can be said of the figures now: read it before they are, and they hold all that it
        speaks of."""
        states = await self.progress.all()
        is_aside = any(state.aside for state in states.values())
        buried = await self.aside.buried() if is_aside else []
        left_out = await self.aside.left_out() if is_aside else []
        said = completeness(states, self.progress.partitions, buried, left_out, self._clock())
        return said.model_copy(update={"remaking": await self.requests.left()})

    @asynccontextmanager
    async def _one_instant(self) -> AsyncIterator[Session]:
        """A session that reads everything as it was at one instant."""
        async with await self._client.start_session(snapshot=True) as session:
            yield session

    async def transact(self, work: Callable[[Session | None], Awaitable[T]], /) -> T:
        """Runs work in one transaction, again where it conflicts with another."""
        return await transact(self._client, work)
