"""Which rows a table has, in which order, and what each is about."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from itertools import product
from urllib.parse import urlencode

from services.platform.http.app import Sentence
from services.platform.vietnam.vietnamese import SortKey, sort_key
from services.reporting.asking.answers import Coded, Days, Group
from services.reporting.asking.grouping import Key
from services.reporting.asking.periods import Period, split
from services.reporting.asking.question import UNITS, Question
from services.reporting.definitions.label import Label
from services.reporting.definitions.labels import WARD
from services.reporting.definitions.wards import (
    STANDARD,
    are_todays,
    in_order,
    todays_keys,
    ward_ref,
)

FACTS = "/api/reporting/v1/facts"


@dataclass(frozen=True)
class Rows:
    """The rows of one question; `names` are those of ids, by label."""

    question: Question
    names: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    def keys(self, found: Iterable[Key]) -> list[Key]:
        """All rows: also wards, periods and codes of the catalogue that have no figures."""
        keys = list(found)
        columns = [self._column(place, name, keys) for place, name in enumerate(self.question.by)]
        return [tuple(key) for key in product(*columns)]

    def group(self, key: Key) -> Group:
        """What a row is about."""
        group = Group()
        for name, text in zip(self.question.by, key, strict=True):
            if name == WARD:
                group.ward = ward_ref(text)
            elif name in UNITS:
                period = self._period(text)
                group.period = Days(first=period.first, last=period.last)
            else:
                group.codes.append(self.coded(name, text))
        return group

    def coded(self, label: Label, code: str) -> Coded:
        """A code with its name."""
        if name := self.names.get(label, {}).get(code):
            return Coded(label=label, code=code, name=Sentence(vi=name, en=name))
        return Coded.of(label, code)

    def facts(self, key: Key) -> str:
        """Where a row's numbers open, but for the measure."""
        given = dict(zip(self.question.by, key, strict=True))
        days = self.question.days
        for name in set(given) & set(UNITS):
            days = self._period(given[name])
        asked = [("from", str(days.first)), ("to", str(days.last)), *self.question.filters.items()]
        asked += [("ward", given[WARD])] if WARD in given else self._asked_ward()
        if self.question.known_by:
            asked.append(("known_by", str(self.question.known_by)))
        if self.question.mode is not STANDARD:
            asked.append(("wards", self.question.mode.value))
        asked += [("label", f"{name}:{given[name]}") for name in self.question.labels]
        return f"{FACTS}?{urlencode(asked)}"

    def _asked_ward(self) -> list[tuple[str, str]]:
        return [("ward", ward)] if (ward := self.question.ward) else []

    def _column(self, place: int, name: Label, keys: list[Key]) -> list[str]:
        found = {key[place] for key in keys}
        if name == WARD:
            return in_order(found | self._wards())
        if self.question.unit and name == self.question.unit.value:
            return [p.first.isoformat() for p in split(self.question.unit, self.question.days)]
        if name.codes:
            codes = [code.value for code in name.codes]
            return [*codes, *sorted(found - set(codes))]
        return sorted(found | set(self.names.get(name, {})), key=self._by_name(name))

    def _wards(self) -> set[str]:
        """Those that have a row in any case; there were none of today's before there were any."""
        if self.question.wards is None:
            are_there = are_todays(self.question.mode, self.question.days.last)
            return set(todays_keys()) if are_there else set()
        return {self.question.shown(key) for key in self.question.wards}

    def _by_name(self, label: Label) -> Callable[[str], tuple[bool, SortKey, str]]:
        names = self.names.get(label, {})
        return lambda code: (not code, sort_key(names.get(code, code)), code)

    def _period(self, first: str) -> Period:
        unit, day = self.question.unit, date.fromisoformat(first)
        if unit is None:
            return self.question.days
        return next(split(unit, Period(day, self.question.days.last)))
