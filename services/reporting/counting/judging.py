"""What changed facts change in the figures, pure: contributions(after) - contributions(before)."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import NamedTuple

from services.events.envelope import Event
from services.reporting.counting import life as lives
from services.reporting.counting.contributions import Cell, contributions
from services.reporting.counting.difference import DayDocument, Differences
from services.reporting.counting.keys import Key, keys_of_life
from services.reporting.definitions.measure import Alone, Fact, HistoryKey, Life, Measure

Named = tuple[str, Alone]
Flow = tuple[Measure, HistoryKey]
"""A measure with the key of its histories inside a ward."""


class Change(NamedTuple):
    """A fact as it was kept, if it was, and as it is now."""

    before: Fact | None
    after: Fact


class Measures:
    """All measures, dispatched by event class once; names are unique."""

    def __init__(self, measures: Iterable[Measure]) -> None:
        """Raises: ValueError."""
        self.by_name: dict[str, Measure] = {}
        self._alone: dict[type[Event], list[Named]] = defaultdict(list)
        self._joint: dict[type[Event], list[Flow]] = defaultdict(list)
        self._flows: dict[str, Flow] = {}
        self._counting: dict[Life, list[Measure]] = defaultdict(list)
        self._lives: dict[type[Event], list[Life]] = defaultdict(list)
        for measure in measures:
            if self.by_name.setdefault(measure.name, measure) is not measure:
                raise ValueError(f"two measures are called {measure.name}")
            if isinstance(measure.history, Life):
                self._counting[measure.history].append(measure)
            else:
                self._add_flow(measure, measure.history)
        for life in self._counting:
            for event_class in life.on:
                self._lives[event_class].append(life)

    @property
    def of_lives(self) -> Collection[type[Event]]:
        """The events that tell of something with a life."""
        return self._lives.keys()

    def keys(self, fact: Fact) -> set[Key]:
        """What a fact is judged together with; facts judged alone have none."""
        found = {history_key(fact) for _, history_key in self._joint.get(type(fact.event), ())}
        return {Key(fact.ward, key) for key in found if key} | self.keys_of_lives(fact)

    def keys_of_lives(self, fact: Fact) -> set[Key]:
        """The subjects with a life that a fact tells of."""
        found = self._lives.get(type(fact.event), ())
        return {key for life in found for key in keys_of_life(life, fact)}

    def differences(
        self, changes: Collection[Change], others: Mapping[Key, Sequence[Fact]]
    ) -> Differences:
        """What the changes add; `others` are the unchanged facts of the histories they touch."""
        result = Differences()
        for change in changes:
            self._judge_alone(change, result)
        for (name, key), touched in self._histories(changes).items():
            _judge_together(self._flows[name], key, touched, others.get(key, ()), result)
        for life, told in self._touched(changes).items():
            kept = [
                fact
                for key, facts in others.items()
                if key.life is life
                for fact in facts
                if key.holds(fact)
            ]
            self._judge_life(life, told, kept, result)
        return result.settled()

    def whole(self, ward: str, facts: Iterable[Fact], told: Iterable[Fact]) -> Differences:
        """What a ward's facts come to, and what counts there of all that is `told` of lives."""
        result = Differences()
        changes = [Change(None, fact) for fact in facts]
        for change in changes:
            self._judge_alone(change, result)
        for (name, key), touched in self._histories(changes).items():
            _judge_together(self._flows[name], key, touched, (), result)
        for life, touched in self._touched(Change(None, fact) for fact in told).items():
            for cell, amount in self._life_cells(life, [c.after for c in touched]).items():
                if cell.ward == ward:
                    result.add(cell, amount)
        return result.settled()

    def _add_flow(self, measure: Measure, history_key: HistoryKey) -> None:
        self._flows[measure.name] = flow = (measure, history_key)
        for event_class in measure.on:
            if measure.alone:
                self._alone[event_class].append((measure.name, measure.alone))
            else:
                self._joint[event_class].append(flow)

    def _judge_alone(self, change: Change, into: Differences) -> None:
        measures = self._alone.get(type(change.after.event), ())
        if change.before:
            _add_alone(measures, change.before, -1, into)
        _add_alone(measures, change.after, 1, into)

    def _histories(self, changes: Iterable[Change]) -> dict[tuple[str, Key], list[Change]]:
        histories: dict[tuple[str, Key], list[Change]] = defaultdict(list)
        for change in changes:
            fact = change.after
            for measure, history_key in self._joint.get(type(fact.event), ()):
                if key := history_key(fact):
                    histories[measure.name, Key(fact.ward, key)].append(change)
        return histories

    def _touched(self, changes: Iterable[Change]) -> dict[Life, list[Change]]:
        touched: dict[Life, list[Change]] = defaultdict(list)
        for change in changes:
            for life in self._lives.get(type(change.after.event), ()):
                if life.subjects(change.after):
                    touched[life].append(change)
        return touched

    def _judge_life(
        self, life: Life, touched: Sequence[Change], others: Iterable[Fact], into: Differences
    ) -> None:
        had = {change.after.id: change.before for change in touched}
        facts = {fact.id: fact for fact in others} | {c.after.id: c.after for c in touched}
        before = [old for id_, fact in facts.items() if (old := had.get(id_, fact))]
        for sign, told in ((-1, before), (1, list(facts.values()))):
            for cell, amount in self._life_cells(life, told).items():
                into.add(cell, sign * amount)

    def _life_cells(self, life: Life, facts: Sequence[Fact]) -> Counter[Cell]:
        """By groups of subjects that ever were one, so that each is judged on its own days."""
        cells = Counter[Cell]()
        for group in lives.joined(life, facts):
            for cell, amount in lives.contributions(life, self._counting[life], group).items():
                cells[cell] += amount
        return cells


def _add_alone(measures: Sequence[Named], fact: Fact, sign: int, into: Differences) -> None:
    if not measures or (fact.voided and fact.voided <= fact.recorded):
        return
    _add_each(measures, fact, DayDocument(fact.ward, fact.day, fact.recorded), sign, into)
    if fact.voided:
        _add_each(measures, fact, DayDocument(fact.ward, fact.day, fact.voided), -sign, into)


def _add_each(
    measures: Sequence[Named], fact: Fact, document: DayDocument, sign: int, into: Differences
) -> None:
    lines = into.counts.get(document)
    if lines is None:
        lines = into.counts[document] = defaultdict(int)
    event = fact.event
    for name, (counts, sums) in measures:
        if counts:
            for codes in counts(event):
                lines[name, codes] += sign
        if sums:
            for codes, amount in sums(event):
                lines[name, codes] += sign * amount


def _judge_together(
    flow: Flow,
    key: Key,
    touched: Sequence[Change],
    others: Sequence[Fact],
    into: Differences,
) -> None:
    measure, history_key = flow
    if len(others) + len(touched) < measure.at_least:
        return
    kept = [f for f in others if isinstance(f.event, measure.on) and history_key(f) == key.name]
    before = kept + [change.before for change in touched if change.before]
    if before:
        for cell, amount in contributions(measure, before).items():
            into.add(cell, -amount)
    for cell, amount in contributions(measure, kept + [c.after for c in touched]).items():
        into.add(cell, amount)
