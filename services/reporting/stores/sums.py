"""Adds up documents of figures as they are read: plain dictionaries, for there are many lines."""

from collections import defaultdict
from collections.abc import Hashable, Iterator, Mapping, Sequence
from typing import Any, Generic, TypeVar

from pyroaring import BitMap

from services.reporting.counting.difference import Line
from services.reporting.stores.cell_documents import codes_of, counted, day_of, followed, month_of
from services.reporting.stores.figures import Distinct, Figure, G

P = TypeVar("P", bound=Hashable)
Amounts = dict[str, dict[str, int]]
"""By measure and field."""
Changes = Mapping[str, Mapping[str, Mapping[str, bytes]]]
"""By measure and field: who came and who left."""


class Sums(Generic[P]):
    """Counts by place, such as a ward, from documents in any order."""

    def __init__(self) -> None:
        self._places: defaultdict[P, Amounts] = defaultdict(dict)

    def add(self, place: P, lines: Amounts) -> None:
        """Add a document's lines; they are not to be used any more."""
        summed = self._places[place]
        for measure, amounts in lines.items():
            before = summed.setdefault(measure, amounts)
            if before is not amounts:
                for field, amount in amounts.items():
                    before[field] = before.get(field, 0) + amount

    def found(self) -> Iterator[tuple[P, Line, int]]:
        """All that is not zero."""
        for place, measures in self._places.items():
            for measure, amounts in measures.items():
                for field, amount in amounts.items():
                    if amount:
                        yield place, (measure, codes_of(field)), amount


class MemberUnions(Generic[G]):
    """Members by group, from documents whose known days follow each other for each ward and day.

    One ward's day is held at a time: a year's bitmaps would not fit into memory.
    """

    def __init__(self, asked: Sequence[Distinct[G]]) -> None:
        self.groups: list[dict[G, BitMap]] = [{} for _ in asked]
        self._asked: dict[str, list[tuple[Distinct[G], dict[G, BitMap]]]] = defaultdict(list)
        for distinct, groups in zip(asked, self.groups, strict=True):
            self._asked[distinct.measure.name].append((distinct, groups))
        self._ward_day = ("", "")
        self._standing: dict[tuple[str, str], BitMap] = {}

    def add(self, document: Mapping[str, Any]) -> None:
        """Add what a known day changed."""
        ward_day = (document["ward"], document["day"])
        if ward_day != self._ward_day:
            self.close()
            self._ward_day = ward_day
        changes: Changes = document.get("lines", {})
        for measure, fields in changes.items():
            for field, stored in fields.items():
                line = measure, field
                self._standing[line] = followed(self._standing.get(line), stored)

    def close(self) -> None:
        """The day is whole: whoever stands in it is counted."""
        ward, day = self._ward_day
        for (measure, field), members in self._standing.items():
            if members:
                self._count(Figure(measure, ward, day_of(day), codes_of(field)), members)
        self._standing.clear()

    def add_month(self, document: Mapping[str, Any]) -> None:
        """Add whoever counts on any day of a month; its first day stands for all."""
        month = month_of(document)
        first = day_of(f"{month.month}-01")
        changes: Changes = document.get("lines", {})
        for measure, fields in changes.items():
            for field, stored in fields.items():
                if members := counted(stored):
                    self._count(Figure(measure, month.ward, first, codes_of(field)), members)

    def _count(self, figure: Figure, members: BitMap) -> None:
        for distinct, groups in self._asked[figure.measure]:
            if (
                distinct.codes in (None, figure.codes)
                and (group := distinct.by(figure)) is not None
            ):
                groups.setdefault(group, BitMap()).update(members)
