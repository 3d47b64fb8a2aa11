"""Figures that an older version kept, made anew while events come in."""

import asyncio
from collections.abc import Sequence
from datetime import date, timedelta
from hashlib import blake2b

import pytest

from services.events.assistance import CitizenAssisted
from services.events.citizens import ConsentGiven, ConsentWithdrawn
from services.events.envelope import Event
from services.messaging.topology import partition_of
from services.platform.mongo import Client, Database, Document
from services.reporting.counting.difference import DayDocument, Differences
from services.reporting.counting.judging import Measures
from services.reporting.definitions.measure import Measure, count
from services.reporting.measures import MEASURES
from services.reporting.measures.consents import CONSENTS
from services.reporting.measures.visits import VISITS
from services.reporting.projecting.bookkeeping import Bookkeeping
from services.reporting.stores.fact_query import FactQuery
from services.reporting.stores.fact_store import fact_of
from services.reporting.stores.progress_store import Moved
from tests.builders import CHO_LON, SAI_GON, SATURDAY, event
from tests.naive import model

PARTITIONS = 4
ALL_DAYS = (date(2020, 1, 1), date(2030, 12, 31))
NEXT_DAY = SATURDAY + timedelta(days=1)


async def keep_as_before(database: Database, books: Bookkeeping, told: list[Event]) -> None:
    """As the version before wrote: histories cut at the ward, in facts and in figures."""
    figures = Measures([m for m in MEASURES if not m.life])
    for one in told:
        fact = fact_of(one)
        await books.projection.project(partition_of(one.ward, PARTITIONS), [one])
        digest = blake2b(f"{fact.ward}|{one.subject}".encode(), digest_size=8).digest()
        keys = [int.from_bytes(digest, "big", signed=True)]
        await database["facts"].update_one({"_id": one.id}, {"$set": {"keys": keys}})
    await database["cells"].delete_many({})
    await database["lives"].drop()
    for ward in await books.facts.wards():
        facts = [fact async for fact in books.facts.of_ward(ward, None)]
        await books.cells.apply(figures.whole(ward, facts, []), None)
        await books.cells.apply(_cut_at_the_ward(ward, [f.event for f in facts]), None)
    names: Document = {"names": [f"{m.name}({','.join(m.labels)})" for m in MEASURES], "shape": 2}
    await database["catalogue"].replace_one({"_id": "measures"}, names)


def _cut_at_the_ward(ward: str, told: list[Event]) -> Differences:
    """What each consent added before: given here it stood, withdrawn elsewhere it went on."""
    result = Differences()
    for one in told:
        if isinstance(one, ConsentGiven):
            document = DayDocument(ward, fact_of(one).day, fact_of(one).recorded)
            lines = result.counts.setdefault(document, {})
            line = ("consents", ("visit", "app_form"))
            lines[line] = lines.get(line, 0) + 1
    return result.settled()


@pytest.fixture
async def books(client: Client, database_name: str) -> Bookkeeping:
    books = Bookkeeping(client, database_name, PARTITIONS)
    await books.prepare()
    return books


async def test_old_figures_are_made_anew_while_events_come_and_answers_say_so(
    books: Bookkeeping, client: Client, database_name: str
) -> None:
    before = _consents(0, 30)
    await keep_as_before(client[database_name], books, before)
    assert await _consenting(books) == 60
    await books.prepare()
    assert await books.requests.left() == 2

    meanwhile = _consents(20, 60)
    await asyncio.gather(_project(books, meanwhile), _make_anew(books))

    assert await books.requests.left() == 0
    told = [*before, *meanwhile]
    counts = [m for m in MEASURES if not m.members]
    found = await books.cells.read(counts, wards=None, days=ALL_DAYS)
    assert found == model.figures(told, [m.name for m in counts], ALL_DAYS[1])
    assert [ward async for ward, difference in books.verify() if difference] == []


async def test_no_ward_is_made_anew_before_all_facts_are_found(
    books: Bookkeeping, client: Client, database_name: str
) -> None:
    told = _consents(0, 5)
    await keep_as_before(client[database_name], books, told)
    await books.prepare()
    catalogue = client[database_name]["catalogue"]
    assert await catalogue.count_documents({"_id": "keys"}) == 1

    wards = await books.due.open()

    assert len(wards) == 2
    assert await catalogue.count_documents({"_id": "keys"}) == 0
    keys = {key for one in told for key in books.measures.keys(fact_of(one))}
    histories = (await books.facts.find((), keys, None)).histories
    assert {f.id for found in histories.values() for f in found} == {one.id for one in told}


async def test_a_corrected_formula_is_counted_anew_while_events_come_and_answers_say_so(
    client: Client, database_name: str
) -> None:
    twice = count("visits", VISITS.labels, CitizenAssisted, lambda _: [("home", "own")] * 2)
    before = Bookkeeping(client, database_name, PARTITIONS, measures=[twice])
    await before.prepare()
    await _project(before, [event(CitizenAssisted) for _ in range(5)])
    assert await _total(before, twice) == 10

    after = Bookkeeping(client, database_name, PARTITIONS, measures=[VISITS.at_version(2)])
    await after.prepare()
    remaking = (await after.completeness()).remaking
    meanwhile = [event(CitizenAssisted) for _ in range(20)]
    await asyncio.gather(_project(after, meanwhile), _make_anew(after))

    assert (remaking, (await after.completeness()).remaking) == (1, 0)
    assert await _total(after, VISITS) == 25
    await after.prepare()
    assert await after.requests.left() == 0


async def test_a_fact_from_before_a_filter_is_found_by_it(
    books: Bookkeeping, client: Client, database_name: str
) -> None:
    helped = event(CitizenAssisted, groups=["elderly"])
    await _project(books, [helped])
    database = client[database_name]
    await database["facts"].update_one({"_id": helped.id}, {"$unset": {"group": ""}})
    await database["catalogue"].update_one({"_id": "measures"}, {"$set": {"filters": []}})
    elderly = FactQuery(None, ALL_DAYS, (CitizenAssisted,), filters={"group": "elderly"})
    assert await books.facts.page(elderly, None, 10) == []

    await books.prepare()
    await books.due.open()

    assert [fact.id for fact in await books.facts.page(elderly, None, 10)] == [helped.id]


def _consents(first: int, last: int) -> list[Event]:
    """Each given in two wards, and every third withdrawn in one of them."""
    told: list[Event] = []
    for n in range(first, last):
        who, at = f"citizen-{n}", NEXT_DAY + timedelta(minutes=n)
        told += [event(ConsentGiven, citizen_id=who, ward=w, at=at) for w in (CHO_LON, SAI_GON)]
        if n % 3 == 0 and first:
            late = at + timedelta(hours=2)
            told.append(event(ConsentWithdrawn, citizen_id=who, ward=SAI_GON, at=late))
    return told


async def _project(books: Bookkeeping, told: Sequence[Event]) -> None:
    async def of(ward: str) -> None:
        mine = [one for one in told if one.ward == ward]
        for n in range(0, len(mine), 4):
            await books.projection.project(partition_of(ward, PARTITIONS), mine[n : n + 4])

    await asyncio.gather(of(CHO_LON), of(SAI_GON))


async def _make_anew(books: Bookkeeping) -> None:
    """As workers do: what gives way to a batch is tried again."""
    while wards := await books.due.open():
        for ward in wards:
            try:
                await books.rebuild.ward(ward, partition_of(ward.partition("@")[0], PARTITIONS))
                await books.due.done(ward)
            except Moved:
                await asyncio.sleep(0)


async def _total(books: Bookkeeping, measure: Measure) -> int:
    return sum((await books.cells.totals([measure], wards=None, days=ALL_DAYS)).values())


async def _consenting(books: Bookkeeping) -> int:
    return await _total(books, CONSENTS)
