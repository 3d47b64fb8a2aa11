"""Verify finds what is wrong, rebuild puts it right, also while events keep coming."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

import pytest

from services.events.assistance import CitizenAssisted
from services.platform.mongo import Client
from services.reporting.counting.difference import DayDocument, Differences
from services.reporting.definitions.measure import Measure
from services.reporting.measures import MEASURES
from services.reporting.measures.people import PEOPLE
from services.reporting.projecting.bookkeeping import Bookkeeping
from services.reporting.projecting.rebuild import Requests
from services.reporting.projecting.verify import sentences
from services.reporting.stores.figures import Distinct
from services.reporting.stores.progress_store import Moved
from tests.builders import event, void
from tests.reporting.books import PARTITION, books_in_memory

DAY = date(2025, 10, 11)
CHO_LON = "27343@2025-07-01"
STRAY = Differences(
    {DayDocument(CHO_LON, DAY, DAY): {("services", ("etax", "using")): 5}},
    {DayDocument(CHO_LON, DAY, DAY): {("people", ("all", ""), "citizen-9"): 1}},
).settled()


@pytest.fixture
async def books(client: Client, database_name: str) -> Bookkeeping:
    books = Bookkeeping(client, database_name, partitions=4)
    await books.prepare()
    return books


async def some_visits(books: Bookkeeping) -> None:
    visits = [event(CitizenAssisted, citizen_id=f"citizen-{n}") for n in range(3)]
    await books.projection.project(PARTITION, [*visits, void(visits[0])])


async def people_of_october(books: Bookkeeping) -> int:
    october = (date(2025, 10, 1), date(2025, 10, 31))
    everybody = Distinct(PEOPLE, lambda _: "all")
    [found] = await books.cells.distinct([everybody], wards=None, days=october, by_day=False)
    return found.get("all", 0)


async def wrong(books: Bookkeeping) -> dict[str, Differences]:
    return {ward: difference async for ward, difference in books.verify() if difference}


async def test_stray_figures_are_found_and_each_is_said_without_a_member(
    books: Bookkeeping,
) -> None:
    await some_visits(books)
    await books.cells.apply(STRAY, None)

    said = [
        sentence
        for difference in (await wrong(books)).values()
        for sentence in sentences(difference)
    ]

    where = f"{CHO_LON} {DAY} known {DAY}"
    assert said == [
        f"{where}: services['etax', 'using'] lacks -5",
        f"{CHO_LON} 2025-10: services['etax', 'using'] lacks -5",
        f"{where}: people['all', ''] lacks -1 member",
        f"{CHO_LON} 2025-10: people['all', ''] lacks -1 days of a member",
    ]


async def test_rebuilt_figures_verify(books: Bookkeeping) -> None:
    await some_visits(books)
    await books.cells.apply(STRAY, None)

    added = await books.rebuild.ward(CHO_LON, PARTITION)

    assert added
    assert await wrong(books) == {}
    assert not await books.rebuild.ward(CHO_LON, PARTITION)


async def test_lost_figures_come_back_from_the_facts(
    books: Bookkeeping, client: Client, database_name: str
) -> None:
    await some_visits(books)
    before = await books.cells.stored(CHO_LON, {"citizen-1", "citizen-2"}, None)
    await client[database_name]["cells"].delete_many({})

    await books.rebuild.ward(CHO_LON, PARTITION)

    assert await books.cells.stored(CHO_LON, {"citizen-1", "citizen-2"}, None) == before


async def test_figures_of_an_older_version_are_made_anew_and_right_meanwhile(
    books: Bookkeeping, client: Client, database_name: str
) -> None:
    await some_visits(books)
    database = client[database_name]
    await database["cells"].delete_many({"kind": "member_months"})
    await database["catalogue"].update_one({"_id": "measures"}, {"$unset": {"shape": 1}})

    await books.prepare()

    assert await books.requests.open() == [CHO_LON]
    assert await people_of_october(books) == 2
    await books.rebuild.ward(CHO_LON, PARTITION)
    await books.requests.done(CHO_LON)
    assert await people_of_october(books) == 2
    assert await wrong(books) == {}


async def test_rebuild_gives_way_to_a_batch_that_came_in_between() -> None:
    books = books_in_memory()
    await books.project([event(CitizenAssisted)])
    await books.cells.apply(STRAY, None)
    seen = await books.progress.revision(PARTITION)
    await books.project([event(CitizenAssisted)])

    with pytest.raises(Moved):
        await books.progress.claim(PARTITION, seen, None)

    await books.rebuild()
    assert await books.wrong() == []


async def test_wards_are_asked_for_when_other_measures_were_counted_before(
    client: Client, database_name: str
) -> None:
    requests = Requests(client[database_name])
    found_anew: list[str] = []

    async def counted(measures: Sequence[Measure]) -> list[str]:
        async def find_anew() -> None:
            found_anew.append("asked")

        await requests.ask_if_new(measures, [CHO_LON], find_anew)
        return await requests.open()

    assert await counted(MEASURES[1:]) == []
    assert await counted(MEASURES[1:]) == []
    assert found_anew == []

    assert await counted(MEASURES) == [CHO_LON]
    assert found_anew == ["asked"]

    await requests.done(CHO_LON)
    assert await counted([replace(MEASURES[0], version=2), *MEASURES[1:]]) == [CHO_LON]
