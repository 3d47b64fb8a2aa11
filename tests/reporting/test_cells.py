"""Figures, in memory and in MongoDB."""

from collections.abc import AsyncIterator

import pytest

from services.platform.mongo import Database, connect
from services.reporting.counting.difference import Differences
from services.reporting.stores.cell_store import Cells
from services.reporting.stores.member_store import Members, Merge
from tests.reporting.cell_contract import CHO_LON, CellContract, people
from tests.twins.cells import CellsInMemory


@pytest.fixture
def merges() -> list[Merge]:
    return []


@pytest.fixture
async def database(mongo_url: str, database_name: str) -> AsyncIterator[Database]:
    client = connect(mongo_url)
    yield client[database_name]
    client.close()


async def cells_in(database: Database, merges: list[Merge]) -> Cells:
    async def told() -> list[Merge]:
        return merges

    async def remaking() -> bool:
        return False

    cells = Cells(database, Members(database, told), remaking)
    await cells.prepare()
    return cells


class TestCellsInMemory(CellContract):
    @pytest.fixture
    def cells(self, merges: list[Merge]) -> CellsInMemory:
        async def told() -> list[Merge]:
            return merges

        return CellsInMemory(told)


class TestCellsInMongo(CellContract):
    @pytest.fixture
    async def cells(self, database: Database, merges: list[Merge]) -> Cells:
        return await cells_in(database, merges)


async def test_member_that_no_fact_names_any_more_is_found_and_can_be_taken_away(
    database: Database, merges: list[Merge]
) -> None:
    cells = await cells_in(database, merges)
    await cells.apply(people("citizen-1"), None)

    stray = await cells.stored(CHO_LON, (), None)
    await cells.apply(Differences().minus(stray), None)

    assert [member for lines in stray.members.values() for _, _, member in lines] == ["#1"]
    assert not await cells.stored(CHO_LON, (), None)


async def test_member_counted_by_two_histories_is_refused(
    database: Database, merges: list[Merge]
) -> None:
    cells = await cells_in(database, merges)
    await cells.apply(people("citizen-1"), None)

    with pytest.raises(ValueError, match="two histories"):
        await cells.apply(people("citizen-1"), None)
