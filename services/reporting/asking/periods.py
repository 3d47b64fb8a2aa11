"""The periods that people report in; all days are those of Ho Chi Minh City."""

from collections.abc import Iterator
from datetime import date, timedelta
from enum import StrEnum
from typing import NamedTuple

ONE_DAY = timedelta(days=1)


class Unit(StrEnum):
    """How a time is cut into periods."""

    DAY = "day"
    WEEK = "week"
    """Monday to Sunday."""
    MONTH = "month"
    CAMPAIGN_MONTH = "campaign_month"
    """From the 15th to the 14th (Decree 09/2019: monthly data close on the 14th)."""
    QUARTER = "quarter"


WHOLE_MONTHS = frozenset({Unit.MONTH, Unit.QUARTER})
"""Units that no month is divided by."""


class Period(NamedTuple):
    """First and last day, both included."""

    first: date
    last: date


def containing(unit: Unit, day: date) -> Period:
    """The whole period that a day lies in."""
    first = _first_day(unit, day)
    return Period(first, _next_first_day(unit, first) - ONE_DAY)


def split(unit: Unit, days: Period) -> Iterator[Period]:
    """The periods that these days touch, cut off at both ends."""
    first = days.first
    while first <= days.last:
        last = min(containing(unit, first).last, days.last)
        yield Period(first, last)
        first = last + ONE_DAY


def _first_day(unit: Unit, day: date) -> date:
    match unit:
        case Unit.DAY:
            return day
        case Unit.WEEK:
            return day - timedelta(days=day.weekday())
        case Unit.MONTH:
            return day.replace(day=1)
        case Unit.CAMPAIGN_MONTH:
            return (day if day.day >= 15 else day.replace(day=1) - ONE_DAY).replace(day=15)
        case Unit.QUARTER:
            return date(day.year, (day.month - 1) // 3 * 3 + 1, 1)


def _next_first_day(unit: Unit, first: date) -> date:
    length = {Unit.DAY: 1, Unit.WEEK: 7, Unit.MONTH: 31, Unit.CAMPAIGN_MONTH: 31, Unit.QUARTER: 92}
    return _first_day(unit, first + timedelta(days=length[unit]))
