"""What a set of events comes to: no differences, no stores, no order, no keys, no partitions.

Whatever has a life is a plain set of the events about one subject, wherever they were recorded.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping
from datetime import date

from services.events.citizens import CitizenMerged
from services.events.corrections import EventVoided
from services.events.envelope import CITY_TIME, Event
from services.platform.wards import by_key, successors, ward_at
from services.reporting.figures import Figure
from services.reporting.measure import Fact, Measure, Point
from tests.naive.subjects import LIVES, STOCKS, Life

Counted = tuple[str, date, tuple[str, ...], int]
"""Where, when, under which labels, how many."""


def figures(
    events: Iterable[Event], measures: Collection[Measure], known_by: date
) -> dict[Figure, int]:
    """Every figure that is not zero, as known on that day."""
    sums: dict[Figure, int] = defaultdict(int)
    facts = standing(events, known_by)
    for measure in (m for m in measures if not m.members):
        for ward, day, labels, amount in _counted(measure, facts):
            sums[Figure(measure.name, ward, day, labels)] += amount
    return {figure: amount for figure, amount in sums.items() if amount}


def people(events: Collection[Event], measure: Measure, known_by: date) -> dict[str, int]:
    """Distinct members in each ward, and in all of them (`""`), over all days and labels."""
    facts = standing(events, known_by)
    same = same_person(facts)
    found: dict[str, set[str]] = defaultdict(set)
    for fact in facts:
        for point, _ in _points(measure, [fact]):
            for place in (fact.ward, "") if point.member else ():
                found[place].add(same.get(point.member, point.member))
    return {place: len(members) for place, members in found.items() if members}


def standing(events: Iterable[Event], known_by: date) -> list[Fact]:
    """The facts that stood at the end of that day, each once, oldest first."""
    known = {event.id: event for event in events if _recorded(event) <= known_by}
    voided = {e.data.event_id for e in known.values() if isinstance(e, EventVoided)}
    left = [_fact(event) for event in known.values() if event.id not in voided]
    return sorted(left, key=lambda fact: (fact.at, fact.id))


def same_person(facts: Iterable[Fact]) -> dict[str, str]:
    """Each id's person, named by relabelling until nothing moves."""
    merges = [f.event.data for f in facts if isinstance(f.event, CitizenMerged)]
    name = {i: i for merge in merges for i in (merge.citizen_id, merge.merged_id)}
    for _ in merges:
        for merge in merges:
            first = min(name[merge.citizen_id], name[merge.merged_id])
            gone = {name[merge.citizen_id], name[merge.merged_id]}
            name = {i: first if named in gone else named for i, named in name.items()}
    return name


def _counted(measure: Measure, facts: list[Fact]) -> Iterable[Counted]:
    life = LIVES.get(measure.name)
    if life is None:
        for fact in facts:
            for point, amount in _points(measure, [fact]):
                yield fact.ward, point.day, point.labels, amount
        return
    for history in _subjects(life, facts):
        points = _points(measure, history)
        yield from _at_home(history[0].ward, points, moves=measure.name in STOCKS)


def _subjects(life: Life, facts: list[Fact]) -> list[list[Fact]]:
    """All facts of each subject, oldest first; merged citizens are one."""
    same = same_person(facts) if life.of_persons else {}
    histories: dict[str, list[Fact]] = defaultdict(list)
    for fact in facts:
        if subject := life.subject(fact.event):
            histories[same.get(subject, subject)].append(fact)
    return list(histories.values())


def _at_home(home: str, points: list[tuple[Point, int]], *, moves: bool) -> Iterable[Counted]:
    """What stands when a unit goes into one other leaves it and arrives there on that day."""
    heir, last = _heir(home)
    left = Counter[tuple[str, ...]]()
    for point, amount in points:
        gone = heir is not None and last is not None and point.day > last
        yield heir if gone and heir else home, point.day, point.labels, amount
        if not gone:
            left[point.labels] += amount
    if moves and heir and last:
        arrival = date.fromordinal(last.toordinal() + 1)
        for labels, amount in left.items():
            yield home, arrival, labels, -amount
            yield heir, arrival, labels, amount


def _heir(home: str) -> tuple[str | None, date | None]:
    """The one unit that a unit went into, and its own last day."""
    ward = by_key(home)
    after = successors(ward) if ward else ()
    return (after[0].ward.key, ward.valid_to) if ward and len(after) == 1 else (None, None)


def _points(measure: Measure, history: list[Fact]) -> list[tuple[Point, int]]:
    asked = [fact for fact in history if isinstance(fact.event, measure.on)]
    points = measure.points(asked) if asked else ()
    return list(points.items()) if isinstance(points, Mapping) else [(p, 1) for p in points]


def _fact(event: Event) -> Fact:
    day = event.time.astimezone(CITY_TIME).date()
    ward = ward_at(event.ward, day)
    return Fact(event, ward.key if ward else f"{event.ward}@unknown", day, _recorded(event))


def _recorded(event: Event) -> date:
    assert event.recordedtime
    return event.recordedtime.astimezone(CITY_TIME).date()
