"""What a set of events comes to: no differences, no stores, no order, no keys, no partitions.

Whatever has a life is a plain list of the events about one subject, wherever they were recorded. It
shares nothing with what it checks but the events and the table of the wards.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator
from datetime import date, timedelta
from typing import Any

from services.events.envelope import CITY_TIME, Event
from services.platform.vietnam.wards import by_key, successors, ward_at
from tests.naive.doubts import BESIDE, doubt_of
from tests.naive.flows import FLOWS, MEMBERS
from tests.naive.lives import COUNTED_ONCE, STOCKS, Codes, Life, Stands, day_of, kind

Figure = tuple[str, str, date, Codes]
"""Measure, ward, day, codes."""
Point = tuple[date, Codes, int]


def figures(events: Iterable[Event], measures: Collection[str], known_by: date) -> dict[Any, int]:
    """Every figure that is not zero, as known on that day; of measures without members."""
    sums = Counter[Figure]()
    told = standing(events, known_by)
    for name in measures:
        for ward, day, codes, amount in _counted(name, told):
            sums[name, ward, day, codes] += amount
    return {figure: amount for figure, amount in sums.items() if amount}


def people(events: Iterable[Event], measure: str, known_by: date) -> dict[str, int]:
    """Distinct members in each ward, and in all of them (`""`), over all days and codes."""
    told = standing(events, known_by)
    same = same_person(told)
    found: dict[str, set[str]] = defaultdict(set)
    for event in told:
        if member := MEMBERS[measure](event):
            for place in (ward_of(event), ""):
                found[place].add(same.get(member, member))
    return {place: len(members) for place, members in found.items()}


def standing(events: Iterable[Event], known_by: date) -> list[Any]:
    """The events that stood at the end of that day, each once, oldest first."""
    known = {event.id: event for event in events if _recorded(event) <= known_by}
    voided = {e.data.event_id for e in known.values() if kind(e) == "event.voided"}  # type: ignore[attr-defined]
    left = [event for event in known.values() if event.id not in voided]
    return sorted(left, key=lambda event: (event.time, event.id))


def same_person(told: Iterable[Any]) -> dict[str, str]:
    """Each id's person, named by relabelling until nothing moves."""
    merges = [event.data for event in told if kind(event) == "citizen.merged"]
    name = {i: i for merge in merges for i in (merge.citizen_id, merge.merged_id)}
    for _ in merges:
        for merge in merges:
            first = min(name[merge.citizen_id], name[merge.merged_id])
            gone = {name[merge.citizen_id], name[merge.merged_id]}
            name = {i: first if named in gone else named for i, named in name.items()}
    return name


def ward_of(event: Event) -> str:
    """The unit that had this code on that day."""
    ward = ward_at(event.ward, day_of(event))
    return ward.key if ward else f"{event.ward}@unknown"


def _counted(name: str, told: list[Any]) -> Iterator[tuple[str, date, Codes, int]]:
    if name in FLOWS:
        yield from _by_itself(name, told)
    elif name in BESIDE:
        yield from _in_doubt(name, told)
    elif name in COUNTED_ONCE:
        life, points_of = COUNTED_ONCE[name]
        for history in _subjects(life, told):
            for day, codes in points_of(history):
                yield _unit_on(ward_of(history[0]), day), day, codes, 1
    else:
        life, stands = STOCKS[name]
        for history in _subjects(life, told):
            yield from _moved(ward_of(history[0]), list(_changes(history, stands)))


def _by_itself(name: str, told: list[Any]) -> Iterator[tuple[str, date, Codes, int]]:
    for event in told:
        for codes, amount in FLOWS[name](event):
            yield ward_of(event), day_of(event), codes, amount


def _in_doubt(name: str, told: list[Any]) -> Iterator[tuple[str, date, Codes, int]]:
    for place, event in enumerate(told):
        here = (ward_of(event), day_of(event))
        before = [e for e in told[:place] if (ward_of(e), day_of(e)) == here]
        if doubt := doubt_of(BESIDE[name], before, event):
            yield *here, (doubt, event.data.team_id or ""), 1


def _subjects(life: Life, told: list[Any]) -> list[list[Any]]:
    """All events of each subject, oldest first; merged citizens are one."""
    same = same_person(told) if life.of_persons else {}
    histories: dict[str, list[Any]] = defaultdict(list)
    for event in told:
        if subject := life.subject(event):
            histories[same.get(subject, subject)].append(event)
    return list(histories.values())


def _changes(history: list[Any], stands: Any) -> Iterator[Point]:
    """On the day of the event that changed it; before those that a stock looks at there is none."""
    before = Stands()
    for end, event in enumerate(history, start=1):
        after = stands(history[:end])
        for codes in after.keys() | before.keys():
            yield day_of(event), codes, after[codes] - before[codes]
        before = after


def _moved(home: str, changes: list[Point]) -> Iterator[tuple[str, date, Codes, int]]:
    """What stands when a unit goes into one other leaves it and arrives there the next day."""
    for day, codes, amount in changes:
        yield _unit_on(home, day), day, codes, amount
    heir, ended = _heir(home)
    if heir and ended:
        arrival = ended + timedelta(days=1)
        for day, codes, amount in changes:
            if day <= ended:
                yield home, arrival, codes, -amount
                yield heir, arrival, codes, amount


def _unit_on(home: str, day: date) -> str:
    heir, ended = _heir(home)
    return heir if heir and ended and day > ended else home


def _heir(home: str) -> tuple[str | None, date | None]:
    """The one unit that a unit went into, and its own last day."""
    ward = by_key(home)
    after = successors(ward) if ward else ()
    return (after[0].ward.key, ward.valid_to) if ward and len(after) == 1 else (None, None)


def _recorded(event: Event) -> date:
    assert event.recordedtime
    return event.recordedtime.astimezone(CITY_TIME).date()
