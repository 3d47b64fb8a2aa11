"""What a set of events comes to: no differences, no stores, no order, no bitmaps."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from datetime import date

from services.events.citizens import CitizenMerged
from services.events.corrections import EventVoided
from services.events.envelope import CITY_TIME, Event
from services.platform.wards import ward_at
from services.reporting.figures import Figure
from services.reporting.measure import Fact, Measure, Point


def figures(
    events: Iterable[Event], measures: Collection[Measure], known_by: date
) -> dict[Figure, int]:
    """Every figure that is not zero, as known on that day."""
    sums: dict[Figure, int] = defaultdict(int)
    for measure in (m for m in measures if not m.members):
        for ward, history in _histories(events, measure, known_by):
            for point, amount in _points(measure, history):
                sums[Figure(measure.name, ward, point.day, point.labels)] += amount
    return {figure: amount for figure, amount in sums.items() if amount}


def people(events: Collection[Event], measure: Measure, known_by: date) -> dict[str, int]:
    """Distinct members in each ward, and in all of them (`""`), over all days and labels."""
    same = _same_person(events, known_by)
    found: dict[str, set[str]] = defaultdict(set)
    for ward, history in _histories(events, measure, known_by):
        members = {point.member for point, _ in _points(measure, history)}
        for place in (ward, ""):
            found[place] |= {same.get(member, member) for member in members}
    return {place: len(members) for place, members in found.items() if members}


def standing(events: Iterable[Event], known_by: date) -> list[Fact]:
    """The facts that stood at the end of that day, each once, oldest first."""
    known = {event.id: event for event in events if _recorded(event) <= known_by}
    voided = {e.data.event_id for e in known.values() if isinstance(e, EventVoided)}
    left = [_fact(event) for event in known.values() if event.id not in voided]
    return sorted(left, key=lambda fact: (fact.at, fact.id))


def _histories(
    events: Iterable[Event], measure: Measure, known_by: date
) -> list[tuple[str, list[Fact]]]:
    histories: dict[tuple[str, str], list[Fact]] = defaultdict(list)
    for fact in standing(events, known_by):
        if isinstance(fact.event, measure.on) and (key := measure.together(fact)):
            histories[fact.ward, key].append(fact)
    return [(ward, history) for (ward, _), history in histories.items()]


def _points(measure: Measure, history: list[Fact]) -> list[tuple[Point, int]]:
    points = measure.points(history)
    return list(points.items()) if isinstance(points, Mapping) else [(p, 1) for p in points]


def _same_person(events: Iterable[Event], known_by: date) -> dict[str, str]:
    """Each id's person, named by relabelling until nothing moves."""
    merges = [
        f.event.data for f in standing(events, known_by) if isinstance(f.event, CitizenMerged)
    ]
    name = {i: i for merge in merges for i in (merge.citizen_id, merge.merged_id)}
    for _ in merges:
        for merge in merges:
            first = min(name[merge.citizen_id], name[merge.merged_id])
            gone = {name[merge.citizen_id], name[merge.merged_id]}
            name = {i: first if named in gone else named for i, named in name.items()}
    return name


def _fact(event: Event) -> Fact:
    day = event.time.astimezone(CITY_TIME).date()
    ward = ward_at(event.ward, day)
    return Fact(event, ward.key if ward else f"{event.ward}@unknown", day, _recorded(event))


def _recorded(event: Event) -> date:
    assert event.recordedtime
    return event.recordedtime.astimezone(CITY_TIME).date()
