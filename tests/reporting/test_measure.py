"""Measures: from standing facts to cells."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

import pytest

from services.events.assistance import CitizenAssisted
from services.events.households import HouseholdVisited
from services.reporting.counting.contributions import Cell, contributions
from services.reporting.counting.difference import DayDocument
from services.reporting.counting.judging import Change, Measures
from services.reporting.definitions.label import Label
from services.reporting.definitions.measure import Fact, Measure, Point, count, distinct, total
from services.reporting.stores.fact_store import fact_of
from services.reporting.stores.figures import split_months
from tests.builders import SATURDAY, event

VISITS = count("visits", (), CitizenAssisted)
PHONES = total("phones", (), HouseholdVisited, lambda visit: [((), visit.data.phones_2g or 0)])
PEOPLE = distinct("people", (), CitizenAssisted, lambda visit: visit.data.citizen_id)
DAY, NEXT_DAY = date(2025, 10, 11), date(2025, 10, 12)
CHO_LON = "27343@2025-07-01"


def visit(citizen: str | None = "citizen-1", voided: date | None = None) -> Fact:
    return fact_of(event(CitizenAssisted, citizen_id=citizen), voided)


def cell(measure: Measure, known: date = DAY, member: str = "") -> Cell:
    return Cell(measure.name, CHO_LON, Point(DAY, (), member), known)


def test_amounts_of_a_total_add_up() -> None:
    facts = [fact_of(event(HouseholdVisited, phones_2g=n)) for n in (2, 3)]

    assert contributions(PHONES, facts) == {cell(PHONES): 5}


def test_citizen_helped_twice_a_day_is_one_person() -> None:
    assert contributions(PEOPLE, [visit(), visit()]) == {cell(PEOPLE, member="citizen-1"): 1}


def test_visit_without_a_citizen_is_no_person() -> None:
    assert Measures([PEOPLE]).keys(visit(citizen=None)) == set()


def test_void_takes_back_what_was_known_before() -> None:
    assert contributions(VISITS, [visit(voided=NEXT_DAY)]) == {
        cell(VISITS): 1,
        cell(VISITS, known=NEXT_DAY): -1,
    }


def test_visit_voided_on_the_day_it_became_known_never_counted() -> None:
    assert contributions(VISITS, [visit(voided=DAY)]) == {}


def test_person_is_taken_back_with_the_last_of_the_day_s_visits() -> None:
    one, other = visit(voided=NEXT_DAY), visit()

    assert contributions(PEOPLE, [one, other]) == {cell(PEOPLE, member="citizen-1"): 1}
    assert contributions(PEOPLE, [one, replace(other, voided=NEXT_DAY)]) == {
        cell(PEOPLE, member="citizen-1"): 1,
        cell(PEOPLE, known=NEXT_DAY, member="citizen-1"): -1,
    }


def test_late_visit_lands_on_its_own_day() -> None:
    late = event(CitizenAssisted, recorded=SATURDAY + timedelta(days=1))

    assert contributions(VISITS, [fact_of(late)]) == {cell(VISITS, known=NEXT_DAY): 1}


def test_history_is_judged_oldest_first_and_only_while_something_stands() -> None:
    asked: list[list[str]] = []

    def points(history: Sequence[Fact]) -> list[Point]:
        asked.append([fact.id for fact in history])
        return []

    watched = Measure("watched", (), (CitizenAssisted,), lambda _: "all", points)
    later = fact_of(event(CitizenAssisted, at=SATURDAY + timedelta(hours=1)), NEXT_DAY)
    earlier = visit(voided=NEXT_DAY)

    contributions(watched, [later, earlier])

    assert asked == [[earlier.id, later.id]]


def test_what_is_judged_alone_says_the_same_as_its_points() -> None:
    for voided in (None, DAY, NEXT_DAY):
        fact = visit(voided=voided)
        quick = Measures([VISITS]).differences([Change(None, fact)], {})

        slow = contributions(VISITS, [fact])
        assert quick.counts == {
            DayDocument(CHO_LON, DAY, found.known): {("visits", ()): n} for found, n in slow.items()
        }


def test_measure_has_a_name_of_its_own_and_at_most_two_labels() -> None:
    with pytest.raises(ValueError, match="called visits"):
        Measures([VISITS, count("visits", (), HouseholdVisited)])
    with pytest.raises(ValueError, match="two labels"):
        count("visits", (Label("a"), Label("b"), Label("c")), CitizenAssisted)


@pytest.mark.parametrize(
    ("days", "months", "rest"),
    [
        (("2025-10-02", "2025-10-30"), (), [("2025-10-02", "2025-10-30")]),
        (("2025-10-01", "2025-10-31"), ("2025-10",), []),
        (("2025-09-15", "2025-10-15"), (), [("2025-09-15", "2025-10-15")]),
        (("2025-12-01", "2026-01-05"), ("2025-12",), [("2026-01-01", "2026-01-05")]),
        (
            ("2025-09-30", "2026-01-01"),
            ("2025-10", "2025-11", "2025-12"),
            [("2025-09-30", "2025-09-30"), ("2026-01-01", "2026-01-01")],
        ),
    ],
)
def test_period_is_cut_into_whole_months_and_what_is_left(
    days: tuple[str, str], months: tuple[str, ...], rest: list[tuple[str, str]]
) -> None:
    first, last = (date.fromisoformat(day) for day in days)

    whole, ends = split_months((first, last))

    assert whole == months
    assert [(str(a), str(b)) for a, b in ends] == rest
