"""The projection in sentences; the property tests say the same for any set of events."""

import asyncio
from datetime import UTC, date, datetime

import pytest

from services.events.assistance import CitizenAssisted
from services.events.envelope import Event
from services.platform.mongo import Client
from services.reporting.measures.people import PEOPLE
from services.reporting.measures.visits import VISITS
from services.reporting.stores.figures import Distinct
from services.reporting.stores.standing import NOTHING
from tests.builders import event, void
from tests.reporting.books import PARTITION, Books, books_in_memory, real_books
from tests.reporting.test_standing import stating

SATURDAY = date(2025, 10, 11)
NOON = datetime(2025, 10, 11, 5, 0, tzinfo=UTC)


async def visits(books: Books, ward: str | None = None) -> int:
    """All that are counted that Saturday."""
    wards = [ward] if ward else None
    found = await books.cells.read([VISITS], wards=wards, days=(SATURDAY, SATURDAY))
    return sum(found.values())


async def people(books: Books) -> int:
    days = (SATURDAY, SATURDAY)
    everybody = Distinct(PEOPLE, lambda _: "all")
    [found] = await books.cells.distinct([everybody], wards=None, days=days)
    return found.get("all", 0)


async def test_redelivered_event_counts_one_visit() -> None:
    books = books_in_memory()
    visit = event(CitizenAssisted)

    await books.project([visit], [visit, visit])

    assert await visits(books) == 1


async def test_void_that_comes_first_leaves_nothing_to_count() -> None:
    books = books_in_memory()
    visit = event(CitizenAssisted, citizen_id="citizen-1")

    await books.project([void(visit)])
    await books.project([visit])

    assert await visits(books) == 0
    assert await people(books) == 0
    assert await books.wrong() == []


async def test_two_voids_count_once_from_the_first() -> None:
    books = books_in_memory()
    visit = event(CitizenAssisted)

    await books.project([visit], [void(visit)], [void(visit)])

    assert (await books.facts.find([visit.id], (), None)).facts[visit.id].voided == SATURDAY
    assert await visits(books) == 0


async def test_event_of_an_unknown_ward_is_counted_and_not_lost() -> None:
    books = books_in_memory()

    await books.project([event(CitizenAssisted, ward="99999")])

    assert await visits(books, "99999@unknown") == 1


async def test_visit_before_the_merger_counts_for_the_ward_as_it_was() -> None:
    books = books_in_memory()
    before = datetime(2025, 6, 30, 12, 0, tzinfo=UTC)

    await books.project([event(CitizenAssisted, at=before, ward="26740")])

    assert await books.facts.wards() == {"26740@2020-01-01"}


async def test_two_workers_of_one_partition_count_an_event_once(
    client: Client, database_name: str
) -> None:
    one, other = await real_books(client, database_name), await real_books(client, database_name)
    told: list[Event] = [event(CitizenAssisted, citizen_id=f"citizen-{n % 7}") for n in range(60)]
    batches = [told[n : n + 20] for n in range(0, 60, 10)]

    await asyncio.gather(*(books.project(batch) for batch in batches for books in (one, other)))

    assert await visits(one) == 60
    assert await people(one) == 7
    assert await one.wrong() == []


async def test_partitions_meet_in_nothing_but_the_numbers_of_members(
    client: Client, database_name: str
) -> None:
    books = await real_books(client, database_name)
    wards = ("27343", "27163", "26740", "27007")
    told = {
        ward: [event(CitizenAssisted, ward=ward, citizen_id=f"citizen-{n}") for n in range(30)]
        for ward in wards
    }

    await asyncio.gather(*(books.projection.project(n, told[ward]) for n, ward in enumerate(wards)))

    assert await visits(books) == 120
    assert await people(books) == 30
    assert await books.wrong() == []


async def test_batch_that_fails_half_way_leaves_nothing_behind(
    client: Client, database_name: str
) -> None:
    books = await real_books(client, database_name)
    visit = event(CitizenAssisted)
    database = client[database_name]
    await database.command("collMod", "facts", validator={"ward": {"$ne": "27343@2025-07-01"}})

    with pytest.raises(Exception, match="Document failed validation"):
        await books.projection.project(PARTITION, [visit, stating(visit)])

    assert await visits(books) == 0
    assert (await books.facts.find([visit.id], (), None)).facts == {}
    assert (await books.progress.all())[PARTITION].standing == NOTHING
