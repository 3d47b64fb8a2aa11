"""How time is cut."""

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.reporting.asking.periods import ONE_DAY, Period, Unit, containing, split

DAYS = st.dates(date(2020, 1, 1), date(2035, 12, 31))


@pytest.mark.parametrize(
    ("unit", "first", "last"),
    [
        (Unit.DAY, date(2025, 11, 7), date(2025, 11, 7)),
        (Unit.WEEK, date(2025, 11, 3), date(2025, 11, 9)),
        (Unit.MONTH, date(2025, 11, 1), date(2025, 11, 30)),
        (Unit.CAMPAIGN_MONTH, date(2025, 10, 15), date(2025, 11, 14)),
        (Unit.QUARTER, date(2025, 10, 1), date(2025, 12, 31)),
    ],
)
def test_the_festival_day_lies_in(unit: Unit, first: date, last: date) -> None:
    assert containing(unit, date(2025, 11, 7)) == Period(first, last)


@given(st.sampled_from(Unit), DAYS, st.integers(0, 800))
def test_periods_follow_each_other_without_gap_or_overlap(
    unit: Unit, first: date, length: int
) -> None:
    days = Period(first, first + timedelta(days=length))

    cut = list(split(unit, days))

    assert cut[0].first == days.first
    assert cut[-1].last == days.last
    assert all(a.last + ONE_DAY == b.first for a, b in pairwise(cut))


@given(st.sampled_from(Unit), DAYS)
def test_every_day_lies_in_its_own_period(unit: Unit, day: date) -> None:
    period = containing(unit, day)

    assert period.first <= day <= period.last
    assert containing(unit, period.last + ONE_DAY).first == period.last + ONE_DAY
