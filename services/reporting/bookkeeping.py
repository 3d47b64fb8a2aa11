"""All that reporting keeps, on one database: made once by whoever needs it."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import datetime
from typing import TypeVar

from services.platform.mongo import Client, Session, transact
from services.reporting.cells import Cells
from services.reporting.difference import Differences
from services.reporting.facts import Facts
from services.reporting.judging import Measures
from services.reporting.keying import Keying
from services.reporting.measures import MEASURES
from services.reporting.members import Members
from services.reporting.projection import Projection
from services.reporting.rebuild import Due, Rebuild, Requests
from services.reporting.true_as_of import Progress, true_as_of
from services.reporting.verify import missing, wards_of

T = TypeVar("T")


class Bookkeeping:
    """The real stores, and what works on them."""

    def __init__(self, client: Client, database_name: str, partitions: int) -> None:
        database = client[database_name]
        self._partitions = partitions
        self._client = client
        self.measures = Measures(MEASURES)
        self.facts = Facts(database)
        self.requests = Requests(database)
        self._keying = Keying(database, self.facts, self.measures.keys, self._let_through)
        self.due = Due(self.requests, self._keying)
        members = Members(database, self.facts.merges)
        self.cells = Cells(database, members, self.requests.any)
        self.progress = Progress(database)
        self.projection = Projection(
            self.measures, self.facts, self.cells, self.progress, self._transact
        )
        self.rebuild = Rebuild(
            self.measures,
            self.facts,
            self.cells,
            self.progress,
            self._transact,
            self._one_instant,
        )

    async def prepare(self) -> None:
        """Make collections and indexes, and ask for a rebuild where the measures changed."""
        await self.facts.prepare()
        await self.cells.prepare()
        await self.progress.prepare(self._partitions)
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

    async def true_as_of(self) -> datetime | None:
        """All that was recorded before this instant is in the figures; None: nobody can say yet."""
        return true_as_of(await self.progress.all(), self._partitions)

    async def ping(self) -> None:
        """Raises when the database does not answer."""
        await self._client.admin.command("ping")

    async def _let_through(self) -> None:
        """Every transaction writes its partition's progress: one that began before conflicts."""
        for partition in range(self._partitions):
            await self.progress.move({partition: {}}, None)

    @asynccontextmanager
    async def _one_instant(self) -> AsyncIterator[Session]:
        """A session that reads everything as it was at one instant."""
        async with await self._client.start_session(snapshot=True) as session:
            yield session

    async def _transact(self, work: Callable[[Session | None], Awaitable[T]], /) -> T:
        return await transact(self._client, work)
