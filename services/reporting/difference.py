"""What changed facts change in the figures, pure: contributions(after) - contributions(before)."""

from collections import defaultdict
from collections.abc import Collection, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple, TypeVar

from services.events.envelope import Event
from services.reporting.measure import Alone, Cell, Fact, Labels, Measure, contributions

K = TypeVar("K")


class Sheet(NamedTuple):
    """One ward, one day, and the day it came to be known: one document of figures."""

    ward: str
    day: date
    known: date


Line = tuple[str, Labels]
"""A measure's name and labels."""
MemberLine = tuple[str, Labels, str]
"""The same, and the member."""


Named = tuple[str, Alone]


class Month(NamedTuple):
    """All days and known days of one ward's month (`2025-10`), for wide questions."""

    ward: str
    month: str


S = TypeVar("S", bound=Hashable)
Sheets = dict[S, dict[K, int]]


@dataclass(frozen=True, slots=True)
class Differences:
    """What is added to each line of each sheet."""

    counts: Sheets[Sheet, Line] = field(default_factory=dict)
    members: Sheets[Sheet, MemberLine] = field(default_factory=dict)
    months: Sheets[Month, Line] = field(default_factory=dict)
    """The counts once more, by month."""
    member_months: Sheets[Month, MemberLine] = field(default_factory=dict)
    """On how many days of a month each member counts."""

    def add(self, cell: Cell, amount: int) -> None:
        """Add to one cell."""
        day, labels, member = cell.point
        sheet = Sheet(cell.ward, day, cell.known)
        if member:
            lines = self.members.setdefault(sheet, defaultdict(int))
            lines[cell.measure, labels, member] += amount
        else:
            self.counts.setdefault(sheet, defaultdict(int))[cell.measure, labels] += amount

    def plus(self, other: "Differences") -> "Differences":
        """Both together."""
        return self.minus(Differences().minus(other))

    def minus(self, other: "Differences") -> "Differences":
        """What has to be added to `other` to reach this."""
        return Differences(
            _nonzero(_minus(self.counts, other.counts)),
            _nonzero(_minus(self.members, other.members)),
            _nonzero(_minus(self.months, other.months)),
            _nonzero(_minus(self.member_months, other.member_months)),
        )

    def settled(self) -> "Differences":
        """The same without what came to nothing, and with its months."""
        counts, members = _nonzero(self.counts), _nonzero(self.members)
        return Differences(
            counts, members, _nonzero(_by_month(counts)), _nonzero(_by_month(members))
        )

    def __bool__(self) -> bool:
        return bool(self.counts or self.members or self.months or self.member_months)


class Change(NamedTuple):
    """A fact as it was kept, if it was, and as it is now."""

    before: Fact | None
    after: Fact


class Key(NamedTuple):
    """Names a short history inside a ward."""

    ward: str
    together: str


class Measures:
    """All measures, dispatched by event class once; names are unique."""

    def __init__(self, measures: Iterable[Measure]) -> None:
        """Raises: ValueError."""
        self.by_name: dict[str, Measure] = {}
        self._alone: dict[type[Event], list[Named]] = defaultdict(list)
        self._joint: dict[type[Event], list[Measure]] = defaultdict(list)
        for measure in measures:
            if self.by_name.setdefault(measure.name, measure) is not measure:
                raise ValueError(f"two measures are called {measure.name}")
        for measure in self.by_name.values():
            for event_class in measure.on:
                if measure.alone:
                    self._alone[event_class].append((measure.name, measure.alone))
                else:
                    self._joint[event_class].append(measure)

    def keys(self, fact: Fact) -> set[Key]:
        """The histories that a fact belongs to; facts judged alone have none."""
        found = {m.together(fact) for m in self._joint.get(type(fact.event), ())}
        return {Key(fact.ward, key) for key in found if key}

    def differences(
        self, changes: Collection[Change], others: Mapping[Key, Sequence[Fact]]
    ) -> Differences:
        """What the changes add; `others` are the unchanged facts of the histories they touch."""
        result = Differences()
        for change in changes:
            self._judge_alone(change, result)
        for (name, key), touched in self._histories(changes).items():
            _judge_together(self.by_name[name], key, touched, others.get(key, ()), result)
        return result.settled()

    def whole(self, facts: Iterable[Fact]) -> Differences:
        """What all the facts of a ward come to."""
        return self.differences([Change(None, fact) for fact in facts], {})

    def _judge_alone(self, change: Change, into: Differences) -> None:
        measures = self._alone.get(type(change.after.event), ())
        if change.before:
            _add_alone(measures, change.before, -1, into)
        _add_alone(measures, change.after, 1, into)

    def _histories(self, changes: Iterable[Change]) -> dict[tuple[str, Key], list[Change]]:
        histories: dict[tuple[str, Key], list[Change]] = defaultdict(list)
        for change in changes:
            fact = change.after
            for measure in self._joint.get(type(fact.event), ()):
                if key := measure.together(fact):
                    histories[measure.name, Key(fact.ward, key)].append(change)
        return histories


def _add_alone(measures: Sequence[Named], fact: Fact, sign: int, into: Differences) -> None:
    if not measures or (fact.voided and fact.voided <= fact.recorded):
        return
    _add_each(measures, fact, Sheet(fact.ward, fact.day, fact.recorded), sign, into)
    if fact.voided:
        _add_each(measures, fact, Sheet(fact.ward, fact.day, fact.voided), -sign, into)


def _add_each(
    measures: Sequence[Named], fact: Fact, sheet: Sheet, sign: int, into: Differences
) -> None:
    lines = into.counts.get(sheet)
    if lines is None:
        lines = into.counts[sheet] = defaultdict(int)
    event = fact.event
    for name, (counts, sums) in measures:
        if counts:
            for labels in counts(event):
                lines[name, labels] += sign
        if sums:
            for labels, amount in sums(event):
                lines[name, labels] += sign * amount


def _judge_together(
    measure: Measure,
    key: Key,
    touched: Sequence[Change],
    others: Sequence[Fact],
    into: Differences,
) -> None:
    kept = [
        f for f in others if isinstance(f.event, measure.on) and measure.together(f) == key.together
    ]
    before = kept + [change.before for change in touched if change.before]
    for cell, amount in contributions(measure, before).items():
        into.add(cell, -amount)
    for cell, amount in contributions(measure, kept + [c.after for c in touched]).items():
        into.add(cell, amount)


def _by_month(sheets: Sheets[Sheet, K]) -> Sheets[Month, K]:
    months: Sheets[Month, K] = {}
    for sheet, lines in sheets.items():
        summed = months.setdefault(Month(sheet.ward, f"{sheet.day:%Y-%m}"), defaultdict(int))
        for line, amount in lines.items():
            summed[line] += amount
    return months


def _minus(these: Sheets[S, K], those: Sheets[S, K]) -> Sheets[S, K]:
    result: Sheets[S, K] = {sheet: dict(lines) for sheet, lines in these.items()}
    for sheet, lines in those.items():
        kept = result.setdefault(sheet, {})
        for line, amount in lines.items():
            kept[line] = kept.get(line, 0) - amount
    return result


def _nonzero(sheets: Sheets[S, K]) -> Sheets[S, K]:
    kept = ((sheet, {k: n for k, n in lines.items() if n}) for sheet, lines in sheets.items())
    return {sheet: lines for sheet, lines in kept if lines}
