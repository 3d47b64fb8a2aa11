"""What a work list is asked, and all that it judges at once: at most some seconds of reading."""

from datetime import date, timedelta
from typing import NamedTuple

from starlette.datastructures import QueryParams

from services.platform.access.auth import Reader
from services.platform.problems import Problem
from services.reporting.asking.drill_down import SCANNED_AT_MOST, SCANNED_AT_ONCE
from services.reporting.asking.drill_down_query import position_of
from services.reporting.asking.fact_readers import FactReader
from services.reporting.definitions.measure import Fact
from services.reporting.http import query
from services.reporting.problems import TOO_MANY_FACTS
from services.reporting.stores.fact_query import FactQuery, Position

LOOKED_BACK = timedelta(days=92)
"""A quarter: by its end a ward's reports are approved, and who voided nothing let it be."""


class WorkList(NamedTuple):
    """Which part of a work list is wanted."""

    wards: frozenset[str] | None
    limit: int


def asked(params: QueryParams, reader: Reader, today: date) -> WorkList:
    """What a work list is asked, but for where its page begins. Raises: Problem."""
    query.no_others(params, ("ward", "cursor", "limit"))
    return WorkList(
        query.question(params, reader, today).wards, query.number(params, "limit", 1, 500, 100)
    )


async def read_all(facts: FactReader, wanted: FactQuery) -> list[Fact]:
    """All standing facts of a query. Raises: Problem."""
    told: list[Fact] = []
    after: Position | None = None
    while some := await facts.page(wanted, after, SCANNED_AT_ONCE):
        told += some
        after = position_of(some[-1])
        if len(told) > SCANNED_AT_MOST:
            raise Problem(TOO_MANY_FACTS, "/query")
    return told
