"""Invariant: redelivered, reordered, late, voided before it arrived - the same figures."""

import asyncio
from collections import Counter
from datetime import date
from itertools import product

from hypothesis import given, settings
from hypothesis import strategies as st

from services.events.envelope import Event
from services.platform.mongo import connect
from services.reporting.counting.difference import Differences
from services.reporting.definitions.measure import Measure
from services.reporting.stores.figures import Days, Distinct, Total
from tests.examples import examples
from tests.naive import model
from tests.reporting.books import Books, books_in_memory, real_books
from tests.reporting.campaigns import campaigns, deliveries
from tests.twins.cells import CellsInMemory

ALL_DAYS = (date(2020, 1, 1), date(2030, 12, 31))
FIRST_DAYS = (date(2025, 6, 1), date(2025, 6, 30), date(2025, 7, 1), date(2025, 7, 2))
LAST_DAYS = (date(2025, 7, 3), date(2025, 7, 31), date(2025, 8, 4))
PERIODS = st.tuples(st.sampled_from(FIRST_DAYS), st.sampled_from(LAST_DAYS))
KNOWN = [date(2025, 6, 30), date(2025, 7, 2), date(2025, 7, 5), date(2030, 12, 31)]


@given(st.data(), campaigns())
@settings(max_examples=examples(300))
def test_any_delivery_of_the_same_events_gives_the_figures_of_the_plain_model(
    data: st.DataObject, events: list[Event]
) -> None:
    batches = data.draw(deliveries(events))

    async def deliver() -> None:
        books = books_in_memory()
        await books.project(*batches)
        await _agrees_with_the_plain_model(books, events)
        assert await books.wrong() == []

    asyncio.run(deliver())


@given(st.data(), campaigns())
@settings(max_examples=examples(100))
def test_a_rebuild_equals_the_live_figures(data: st.DataObject, events: list[Event]) -> None:
    batches = data.draw(deliveries(events))

    async def deliver() -> None:
        books = books_in_memory()
        await books.project(*batches)
        assert isinstance(books.cells, CellsInMemory)
        live = books.cells.kept

        books.cells.kept = Differences()
        await books.rebuild()

        assert books.cells.kept == live

    asyncio.run(deliver())


def test_whole_months_say_what_their_days_say(mongo_url: str, database_name: str) -> None:
    runs = iter(range(1_000))

    @given(st.data(), campaigns(), st.lists(PERIODS, min_size=4, max_size=4))
    @settings(max_examples=examples(15))
    def any_period(data: st.DataObject, events: list[Event], periods: list[Days]) -> None:
        batches = data.draw(deliveries(events))
        asyncio.run(deliver(batches, [ALL_DAYS, *periods]))

    async def deliver(batches: list[list[Event]], periods: list[Days]) -> None:
        client = connect(mongo_url)
        books = await real_books(client, f"{database_name}_{next(runs)}")
        await books.project(*batches)
        for days, known_by in product(periods, (*KNOWN[:3], None)):
            await _months_agree(books, days, known_by)
        client.close()

    any_period()


def test_the_real_stores_agree_with_the_plain_model(mongo_url: str, database_name: str) -> None:
    runs = iter(range(1_000))

    @given(st.data(), campaigns())
    @settings(max_examples=examples(12))
    def any_delivery(data: st.DataObject, events: list[Event]) -> None:
        batches = data.draw(deliveries(events))
        asyncio.run(deliver(events, batches))

    async def deliver(events: list[Event], batches: list[list[Event]]) -> None:
        client = connect(mongo_url)
        books = await real_books(client, f"{database_name}_{next(runs)}")
        await books.project(*batches)
        await _agrees_with_the_plain_model(books, events)
        assert await books.wrong() == []
        client.close()

    any_delivery()


async def _agrees_with_the_plain_model(books: Books, events: list[Event]) -> None:
    measures = list(books.measures.by_name.values())
    counts = [m for m in measures if not m.members]
    for day in KNOWN:
        found = await books.cells.read(counts, wards=None, days=ALL_DAYS, known_by=day)
        assert found == model.figures(events, [m.name for m in counts], day)
        for measure in (m for m in measures if m.members):
            assert await _people(books, measure, day) == model.people(events, measure.name, day)
    now = await books.cells.read(counts, wards=None, days=ALL_DAYS)
    assert now == model.figures(events, [m.name for m in counts], KNOWN[-1])


async def _months_agree(books: Books, days: Days, known_by: date | None) -> None:
    measures = list(books.measures.by_name.values())
    counts, members = ([m for m in measures if m.members is wanted] for wanted in (False, True))
    told = await books.cells.totals(counts, wards=None, days=days, known_by=known_by)
    summed = Counter[Total]()
    read = await books.cells.read(counts, wards=None, days=days, known_by=known_by)
    for figure, amount in read.items():
        summed[Total(figure.measure, figure.ward, figure.codes)] += amount
    assert told == {total: amount for total, amount in summed.items() if amount}
    asked = [Distinct(m, by) for m in members for by in (lambda f: (f.ward, f.codes), lambda _: "")]
    by_month, by_day = [
        await books.cells.distinct(asked, wards=None, days=days, known_by=known_by, by_day=by_day)
        for by_day in (False, True)
    ]
    assert by_month == by_day


async def _people(books: Books, measure: Measure, known_by: date) -> dict[str, int]:
    """By ward, and in all of them."""
    asked = [Distinct(measure, lambda figure: figure.ward), Distinct(measure, lambda _: "")]
    by_ward, in_all = await books.cells.distinct(
        asked, wards=None, days=ALL_DAYS, known_by=known_by
    )
    return by_ward | in_all
