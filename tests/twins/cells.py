"""The figures in memory: sets of names in place of bitmaps of numbers."""

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import date

from services.platform.mongo import Session
from services.reporting.counting.difference import DayDocument, Differences
from services.reporting.definitions.measure import Measure
from services.reporting.stores.figures import (
    Days,
    Distinct,
    Figure,
    G,
    Total,
    refuse_members,
    require_members,
)
from services.reporting.stores.member_store import Merges, one_person


class CellsInMemory:
    """Passes the suite of `Cells`."""

    def __init__(self, merges: Merges) -> None:
        self.kept = Differences()
        self._merges = merges

    async def prepare(self) -> None:
        """Nothing to make."""

    async def apply(self, differences: Differences, session: Session | None) -> None:
        """Add the differences."""
        self.kept = differences.plus(self.kept)

    async def stored(
        self, ward: str, members: Collection[str], session: Session | None
    ) -> Differences:
        """All that is kept for a ward."""
        return Differences(
            {s: dict(lines) for s, lines in self.kept.counts.items() if s.ward == ward},
            {s: dict(lines) for s, lines in self.kept.members.items() if s.ward == ward},
            {m: dict(lines) for m, lines in self.kept.months.items() if m.ward == ward},
            {m: dict(lines) for m, lines in self.kept.member_months.items() if m.ward == ward},
        )

    async def wards(self) -> set[str]:
        """The wards that have figures."""
        return {document.ward for document in (*self.kept.counts, *self.kept.members)}

    async def read(
        self,
        measures: Collection[Measure],
        *,
        wards: Collection[str] | None,
        days: Days,
        known_by: date | None = None,
    ) -> dict[Figure, int]:
        """Figures that are not zero."""
        figures = Counter[Figure]()
        names = {measure.name for measure in measures}
        for document, lines in self.kept.counts.items():
            if _asked(document, wards, days, known_by):
                for (name, codes), amount in lines.items():
                    if name in names:
                        figures[Figure(name, document.ward, document.day, codes)] += amount
        found = {figure: amount for figure, amount in figures.items() if amount}
        members = [Distinct(m, lambda figure: figure) for m in measures if m.members]
        for figures_of in await self.distinct(members, wards=wards, days=days, known_by=known_by):
            found |= figures_of
        return found

    async def totals(
        self,
        measures: Collection[Measure],
        *,
        wards: Collection[str] | None,
        days: Days,
        known_by: date | None = None,
    ) -> dict[Total, int]:
        """Sums over the days."""
        refuse_members(measures)
        totals = Counter[Total]()
        figures = await self.read(measures, wards=wards, days=days, known_by=known_by)
        for figure, amount in figures.items():
            totals[Total(figure.measure, figure.ward, figure.codes)] += amount
        return {total: amount for total, amount in totals.items() if amount}

    async def distinct(
        self,
        asked: Sequence[Distinct[G]],
        *,
        wards: Collection[str] | None,
        days: Days,
        known_by: date | None = None,
        by_day: bool = True,
    ) -> list[dict[G, int]]:
        """How many members each group has."""
        merges = [merge for merge in await self._merges() if merge.known_by(known_by)]
        person = one_person(merges)
        standing = Counter[tuple[Figure, str]]()
        for document, lines in self.kept.members.items():
            if _asked(document, wards, days, known_by):
                for (name, given, member), amount in lines.items():
                    standing[Figure(name, document.ward, document.day, given), member] += amount
        return [_distinct(one, standing, person) for one in asked]


def _distinct(
    asked: Distinct[G], standing: Mapping[tuple[Figure, str], int], person: Mapping[str, str]
) -> dict[G, int]:
    require_members(asked.measure)
    groups: dict[G, set[str]] = defaultdict(set)
    for (figure, member), amount in standing.items():
        right = figure.measure == asked.measure.name and asked.codes in (None, figure.codes)
        if amount and right and (group := asked.by(figure)) is not None:
            groups[group].add(person.get(member, member))
    return {group: len(members) for group, members in groups.items()}


def _asked(
    document: DayDocument, wards: Collection[str] | None, days: Days, known_by: date | None
) -> bool:
    return (
        (wards is None or document.ward in wards)
        and days[0] <= document.day <= days[1]
        and (known_by is None or document.known <= known_by)
    )
