"""Batches of several partitions that arrive at one time."""

import asyncio
from collections.abc import Sequence

from services.events.assistance import CitizenAssisted
from services.messaging.log.completeness import REGISTRATION
from services.platform.mongo import Client
from services.reporting.projecting.batches import Batch
from services.reporting.projecting.projection import Projection
from services.reporting.projecting.shared_transactions import SMALL, SharedTransactions
from services.reporting.stores.standing import NOTHING
from tests.builders import event
from tests.reporting.books import Books, real_books
from tests.reporting.test_standing import NOON, stating

WARDS = ("27343", "27163", "26740", "27007")


class Counted(Projection):
    """Counts transactions that were tried."""

    def __init__(self, books: Books) -> None:
        self.sizes: list[int] = []
        self._real = books.projection

    async def project_all(self, batches: Sequence[Batch]) -> None:
        self.sizes.append(len(batches))
        await self._real.project_all(batches)


async def project_at_once(shared: SharedTransactions, each: int) -> list[BaseException | None]:
    """A batch a ward, each on a partition of its own."""
    told = {ward: [event(CitizenAssisted, ward=ward) for _ in range(each)] for ward in WARDS}
    return await asyncio.gather(
        *(shared.project(n, [*told[w], stating(*told[w])]) for n, w in enumerate(WARDS)),
        return_exceptions=True,
    )


async def test_small_batches_that_wait_for_one_share_the_next_transaction(
    client: Client, database_name: str
) -> None:
    books = await real_books(client, database_name)
    counted = Counted(books)

    await project_at_once(SharedTransactions(counted), each=3)

    assert sum(counted.sizes) == len(WARDS)
    assert len(counted.sizes) < len(WARDS)
    states = (await books.progress.all()).values()
    assert [state.standing[REGISTRATION].true_until for state in states] == [NOON] * len(WARDS)
    assert await books.wrong() == []


async def test_large_batches_wait_for_no_other(client: Client, database_name: str) -> None:
    counted = Counted(await real_books(client, database_name))

    await project_at_once(SharedTransactions(counted), each=SMALL + 1)

    assert counted.sizes == [1] * len(WARDS)


async def test_batch_that_cannot_be_projected_harms_none_that_shared_its_transaction(
    client: Client, database_name: str
) -> None:
    books = await real_books(client, database_name)
    refuse = {"ward": {"$ne": f"{WARDS[1]}@2025-07-01"}}
    await client[database_name].command("collMod", "facts", validator=refuse)

    outcomes = await project_at_once(SharedTransactions(books.projection), each=3)

    assert [outcome is None for outcome in outcomes] == [True, False, True, True]
    assert WARDS[1] not in {ward.partition("@")[0] for ward in await books.facts.wards()}
    assert len(await books.facts.wards()) == 3
    assert (await books.progress.all())[1].standing == NOTHING
    assert await books.wrong() == []
