"""The ward's task: records that look told again, found by the figures that count them."""

from collections import defaultdict
from collections.abc import AsyncIterator, Collection, Iterable, Iterator
from datetime import date, timedelta
from typing import NamedTuple

from services.reporting.asking.fact_readers import FactReader
from services.reporting.asking.periods import ONE_DAY, Period
from services.reporting.counting.contributions import standing
from services.reporting.definitions.measure import Fact, Measure
from services.reporting.measures.doubts import (
    BESIDE_OTHERS,
    OBSERVED,
    Doubted,
    doubted,
    same_on_a_day,
)
from services.reporting.stores.fact_query import FactQuery, Position
from services.reporting.stores.figures import CellReader
from services.reporting.worklists.reading import LOOKED_BACK, read_all

A_WEEK = timedelta(days=7)


class WardDay(NamedTuple):
    """What was told of one day in one ward."""

    day: date
    ward: str

    @property
    def order(self) -> tuple[int, str]:
        """Newest first."""
        return -self.day.toordinal(), self.ward


class DoubtsPage(NamedTuple):
    """Some doubts; `after` leads on, None at the end."""

    rows: list[Doubted]
    after: Position | None


async def page(
    cells: CellReader,
    facts: FactReader,
    wards: Collection[str] | None,
    today: date,
    after: Position | None,
    limit: int,
) -> DoubtsPage:
    """At least `limit` rows unless the end comes first: newest day first, each day whole."""
    rows: list[Doubted] = []
    begins = min(after.day, today) if after else today
    async for ward_day in _newest_first(cells, wards, Period(today - LOOKED_BACK, begins)):
        if after and ward_day.order <= WardDay(after.day, after.ward).order:
            continue
        if len(rows) >= limit:
            last = rows[-1].fact
            return DoubtsPage(rows, Position(last.ward, last.day, last.id))
        rows += in_doubt(await read_all(facts, _query(ward_day)))
    return DoubtsPage(rows, None)


async def _newest_first(
    cells: CellReader, wards: Collection[str] | None, days: Period
) -> AsyncIterator[WardDay]:
    """Those with any doubt; read a week at a time, for most pages end in the first."""
    last = days.last
    while last >= days.first:
        week = Period(max(days.first, last - A_WEEK + ONE_DAY), last)
        figures = await cells.read(BESIDE_OTHERS, wards=wards, days=week)
        found = {WardDay(figure.day, figure.ward) for figure in figures}
        for ward_day in sorted(found, key=lambda ward_day: ward_day.order):
            yield ward_day
        last = week.first - ONE_DAY


def in_doubt(facts: Collection[Fact]) -> list[Doubted]:
    """What looks told again of one day in one ward, newest first; pure."""
    found = [row for measure in BESIDE_OTHERS for row in _of_measure(measure, facts)]
    return sorted(found, key=lambda row: (row.fact.at, row.fact.id), reverse=True)


def _of_measure(measure: Measure, facts: Iterable[Fact]) -> Iterator[Doubted]:
    histories: dict[str, list[Fact]] = defaultdict(list)
    for fact in facts:
        if isinstance(fact.event, measure.on) and (key := same_on_a_day(fact)):
            histories[key].append(fact)
    for history in histories.values():
        yield from doubted(standing(history, None))


def _query(ward_day: WardDay) -> FactQuery:
    return FactQuery({ward_day.ward}, Period(ward_day.day, ward_day.day), OBSERVED)
