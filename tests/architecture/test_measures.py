"""Nothing that is counted goes unproven: each measure is drawn, shown, and counted by hand."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from functools import cache

import pytest
from pydantic import BaseModel

from services.events.envelope import Event
from services.events.registry import EVENT_CLASSES, type_name
from services.reporting.asking.periods import Period
from services.reporting.asking.question import Question
from services.reporting.asking.table import select
from services.reporting.counting.difference import Differences
from services.reporting.counting.judging import Change, Measures
from services.reporting.definitions.label import Label
from services.reporting.definitions.measure import Codes, Measure
from services.reporting.definitions.report import Report
from services.reporting.measures import MEASURES
from services.reporting.measures.posts import ACCEPTED
from services.reporting.stores.fact_store import fact_of
from tests.any_event import sources
from tests.builders import PHONE, SATURDAY
from tests.reporting.campaigns import seeded_campaigns
from tests.reporting.tables import TABLES, question

ONE_CODE = {"topic"}
"""Fields whose list of codes has one so far."""
OF_NO_DEVICE = {one for one in EVENT_CLASSES if PHONE not in sources(one)}
"""What `accepted` is shown and never counts."""
of_each_measure = pytest.mark.parametrize("measure", MEASURES, ids=lambda measure: measure.name)


@pytest.mark.parametrize("event_class", ACCEPTED.on, ids=type_name)
def test_every_field_of_an_event_takes_two_values_in_the_campaigns(
    event_class: type[Event],
) -> None:
    found: dict[str, set[str]] = defaultdict(set)

    for event in _drawn()[event_class]:
        for name, value in _values(event.data):
            found[name] |= set() if value is None else {str(value)}

    assert _drawn()[event_class]
    assert {name for name, values in found.items() if len(values) < 2} <= ONE_CODE


@of_each_measure
def test_every_event_that_a_measure_looks_at_changes_its_figures(measure: Measure) -> None:
    for event_class in set(measure.on) - (OF_NO_DEVICE if measure is ACCEPTED else set()):
        told_of = seeded_campaigns([measure])
        assert any(_changes(measure, event_class, told) for told in told_of), event_class


@of_each_measure
def test_every_label_of_a_measure_takes_two_values_in_the_campaigns(measure: Measure) -> None:
    for label in measure.labels:
        counted = (_codes(_counted(measure, told)) for told in _campaigns())
        drawn = (
            dict(measure.labelled(codes)).get(label, "") for found in counted for codes in found
        )
        assert len(_first_two(drawn)) >= min(2, len(label.codes or "ab")), label


@of_each_measure
def test_every_measure_is_shown_by_a_report_that_is_counted_by_hand(measure: Measure) -> None:
    assert any(measure in _read(*question(table)) for table in TABLES)


@cache
def _campaigns() -> list[list[Event]]:
    return list(seeded_campaigns())


@cache
def _drawn() -> dict[type[Event], list[Event]]:
    drawn: dict[type[Event], list[Event]] = defaultdict(list)
    for event in (event for told in _campaigns() for event in told):
        drawn[type(event)].append(event)
    return drawn


def _values(data: BaseModel) -> Iterator[tuple[str, object]]:
    """Every field by name, those of lines within too."""
    for name, value in data:
        yield name, value
        for line in value if isinstance(value, tuple) else ():
            yield from _values(line) if isinstance(line, BaseModel) else ()


def _changes(measure: Measure, event_class: type[Event], told: Sequence[Event]) -> bool:
    others = [event for event in told if not isinstance(event, event_class)]
    return len(others) < len(told) and _counted(measure, told) != _counted(measure, others)


def _counted(measure: Measure, told: Iterable[Event]) -> Differences:
    """Of what it looks at, as if nothing had been voided."""
    facts = [fact_of(event) for event in told if isinstance(event, measure.on)]
    return Measures([measure]).differences([Change(None, fact) for fact in facts], {})


def _codes(counted: Differences) -> set[Codes]:
    alone = {line[1] for document in counted.counts.values() for line in document}
    return alone | {line[1] for document in counted.members.values() for line in document}


def _first_two(codes: Iterable[str]) -> set[str]:
    found: set[str] = set()
    for code in codes:
        found |= {code} - {""}
        if len(found) == 2:
            break
    return found


def _read(report: Report, by: tuple[Label, ...]) -> set[Measure]:
    """Where a report's numbers come from when it is grouped so."""
    day = SATURDAY.date()
    found = (select(number, Question(Period(day, day), by=by)) for number in report.numbers())
    return {one.selector.measure for one in found if one}
