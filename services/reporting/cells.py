"""Owns the figures: one document per ward, day and known day, with all measures in it.

Reports read through `CellReader` (`figures.py`): `read` gives figures by ward and day, `totals`
the same summed over the days, `distinct` counts members once however wide the question.
"""

from collections import Counter, defaultdict
from collections.abc import AsyncIterator, Callable, Collection, Iterable, Mapping
from datetime import date

from pymongo import ASCENDING, IndexModel, UpdateOne
from pyroaring import BitMap

from services.platform.mongo import Database, Document, Session
from services.reporting.difference import Differences, Line, MemberLine, Month, Sheet, Sheets
from services.reporting.figures import (
    Days,
    Figure,
    G,
    Total,
    refuse_members,
    require_members,
    split_months,
)
from services.reporting.measure import Labels, Measure
from services.reporting.members import Members
from services.reporting.sheets import (
    Joined,
    field_of,
    followed,
    lines_of,
    sheet_fields,
    sheet_id,
    sheet_of,
)

COUNTS, MONTHS, MEMBERS = "counts", "months", "members"
"""Kinds of sheets; one collection holds them, so that a transaction writes them at once."""
INDEXES = [
    IndexModel([(name, ASCENDING) for name in ("kind", "ward", "day", "known")]),
    IndexModel([(name, ASCENDING) for name in ("kind", "day", "ward", "known")]),
]
_BATCH = 1_000


class Cells:
    """Adds differences in the projection's transaction, and reads figures."""

    def __init__(self, database: Database, members: Members) -> None:
        self._cells = database["cells"]
        self._members = members

    async def prepare(self) -> None:
        """Make the indexes; repeatable."""
        await self._cells.create_indexes(INDEXES)

    async def apply(self, differences: Differences, session: Session | None) -> None:
        """Add the differences; part of the session's transaction."""
        writes = [
            *(_addition(*counts) for counts in differences.counts.items()),
            *(_month_addition(*month) for month in differences.months.items()),
            *await self._joinings(differences.members, session),
        ]
        if writes:
            await self._cells.bulk_write(writes, ordered=False, session=session)

    async def stored(
        self, ward: str, members: Collection[str], session: Session | None
    ) -> Differences:
        """All that is kept for a ward; a member not among `members` appears as `#<number>`."""
        kept = Differences()
        names = {number: name for name, number in (await self._members.known(members)).items()}
        async for document in self._cells.find({"ward": ward}, session=session):
            if document["kind"] == COUNTS:
                kept.counts[sheet_of(document)] = _lines(document)
            elif document["kind"] == MONTHS:
                kept.months[Month(document["ward"], document["day"])] = _lines(document)
            else:
                kept.members[sheet_of(document)] = dict(_named(document, names))
        return kept.minus(Differences())

    async def wards(self) -> set[str]:
        """The wards that have figures."""
        return set(await self._cells.distinct("ward"))

    async def read(
        self,
        measures: Collection[Measure],
        *,
        wards: Collection[str] | None,
        days: Days,
        known_by: date | None = None,
    ) -> dict[Figure, int]:
        """Figures that are not zero; a measure of members counts each once in a figure."""
        query = _query(wards, days, known_by)
        figures = Counter[Figure]()
        if names := [m.name for m in measures if not m.members]:
            async for document in self._found(COUNTS, query, names):
                sheet = sheet_of(document)
                for name, labels, amount in lines_of(document):
                    figures[Figure(name, sheet.ward, sheet.day, labels)] += amount
        found = {figure: amount for figure, amount in figures.items() if amount}
        for measure in (m for m in measures if m.members):
            found |= await self.distinct(
                measure, wards=wards, days=days, known_by=known_by, by=lambda figure: figure
            )
        return found

    async def totals(
        self,
        measures: Collection[Measure],
        *,
        wards: Collection[str] | None,
        days: Days,
        known_by: date | None = None,
    ) -> dict[Total, int]:
        """Sums over the days that are not zero, of measures without members."""
        refuse_members(measures)
        months, rest = ((), (days,)) if known_by else split_months(days)
        totals = Counter[Total]()
        if months:
            query = _within(wards) | {"day": {"$gte": months[0], "$lte": months[-1]}}
            names = [m.name for m in measures]
            async for document in self._found(MONTHS, query, names):
                for name, labels, amount in lines_of(document):
                    totals[Total(name, document["ward"], labels)] += amount
        for part in rest:
            figures = await self.read(measures, wards=wards, days=part, known_by=known_by)
            for figure, amount in figures.items():
                totals[Total(figure.measure, figure.ward, figure.labels)] += amount
        return {total: amount for total, amount in totals.items() if amount}

    async def distinct(
        self,
        measure: Measure,
        *,
        wards: Collection[str] | None,
        days: Days,
        by: Callable[[Figure], G | None],
        known_by: date | None = None,
        labels: Labels | None = None,
    ) -> dict[G, int]:
        """Members of a measure, each once in a group; groups without any are left out."""
        require_members(measure)
        line = measure.name if labels is None else f"{measure.name}.{field_of(labels)}"
        query = _query(wards, days, known_by)
        groups: dict[G, BitMap] = defaultdict(BitMap)
        for figure, members in (await self._standing(line, query)).items():
            if members and (group := by(figure)) is not None:
                groups[group] |= members
        aliases = await self._members.aliases(known_by) if groups else {}
        return {group: len(_as_persons(members, aliases)) for group, members in groups.items()}

    async def _standing(self, line: str, query: Document) -> dict[Figure, BitMap]:
        """Who is counted where, after all that was known by then, oldest knowledge first."""
        found = self._found(MEMBERS, query, [line])
        documents = sorted([d async for d in found], key=lambda document: str(document["known"]))
        standing: dict[Figure, BitMap] = {}
        for document in documents:
            sheet = sheet_of(document)
            for name, labels, stored in lines_of(document):
                figure = Figure(name, sheet.ward, sheet.day, labels)
                standing[figure] = followed(standing.get(figure), stored)
        return standing

    async def _joinings(
        self, sheets: Sheets[Sheet, MemberLine], session: Session | None
    ) -> list[UpdateOne]:
        if not sheets:
            return []
        numbers = await self._members.numbers(
            {member for lines in sheets.values() for _, _, member in lines if member[0] != "#"}
        )
        ids = [sheet_id(MEMBERS, sheet) for sheet in sheets]
        found = self._cells.find({"_id": {"$in": ids}}, session=session, batch_size=_BATCH)
        stored = {document["_id"]: document["lines"] async for document in found}
        return [
            _joining(sheet, lines, stored.get(sheet_id(MEMBERS, sheet), {}), numbers)
            for sheet, lines in sheets.items()
        ]

    async def _found(
        self, kind: str, query: Document, measures: Iterable[str]
    ) -> AsyncIterator[Document]:
        fields = {"ward": 1, "day": 1, "known": 1} | {f"lines.{m}": 1 for m in measures}
        found = self._cells.find({"kind": kind, **query}, fields, batch_size=_BATCH)
        async for document in found:
            yield document


def _within(wards: Collection[str] | None) -> Document:
    return {} if wards is None else {"ward": {"$in": sorted(wards)}}


def _query(wards: Collection[str] | None, days: Days, known_by: date | None) -> Document:
    query = _within(wards) | {"day": {"$gte": str(days[0]), "$lte": str(days[1])}}
    return query | {"known": {"$lte": str(known_by)}} if known_by else query


def _addition(sheet: Sheet, lines: Mapping[Line, int]) -> UpdateOne:
    return _upsert(sheet_id(COUNTS, sheet), "$inc", _paths(lines), sheet_fields(COUNTS, sheet))


def _month_addition(month: Month, lines: Mapping[Line, int]) -> UpdateOne:
    fields = {"kind": MONTHS, "ward": month.ward, "day": month.month}
    return _upsert(f"{MONTHS}|{month.ward}|{month.month}", "$inc", _paths(lines), fields)


def _upsert(id_: str, operator: str, change: Document, fields: Document) -> UpdateOne:
    return UpdateOne({"_id": id_}, {operator: change, "$setOnInsert": fields}, upsert=True)


def _paths(lines: Mapping[Line, int]) -> dict[str, int]:
    return {f"lines.{m}.{field_of(labels)}": amount for (m, labels), amount in lines.items()}


def _lines(document: Document) -> dict[Line, int]:
    return {(measure, labels): amount for measure, labels, amount in lines_of(document)}


def _joining(
    sheet: Sheet,
    lines: Mapping[MemberLine, int],
    stored: Mapping[str, Mapping[str, Mapping[str, bytes]]],
    numbers: Mapping[str, int],
) -> UpdateOne:
    joined: dict[tuple[str, str], Joined] = {}
    for (measure, labels, member), amount in lines.items():
        field = field_of(labels)
        if (measure, field) not in joined:
            joined[measure, field] = Joined(stored.get(measure, {}).get(field))
        number = int(member[1:]) if member[0] == "#" else numbers[member]
        joined[measure, field].add(number, amount)
    changed = {f"lines.{m}.{field}": j.stored() for (m, field), j in joined.items()}
    return _upsert(sheet_id(MEMBERS, sheet), "$set", changed, sheet_fields(MEMBERS, sheet))


def _named(document: Document, names: Mapping[int, str]) -> Iterable[tuple[MemberLine, int]]:
    for measure, labels, stored in lines_of(document):
        joined = Joined(stored)
        for number in joined.new:
            yield (measure, labels, names.get(number, f"#{number}")), 1
        for number in joined.left:
            yield (measure, labels, names.get(number, f"#{number}")), -1


def _as_persons(members: BitMap, aliases: Mapping[int, int]) -> BitMap:
    merged = members & BitMap(aliases)
    return (members - merged) | BitMap(aliases[number] for number in merged) if merged else members
