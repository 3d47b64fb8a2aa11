"""Owns the figures: one document per ward, day and known day, with all measures in it.

Reports read through `CellReader` (`figures.py`): `read` gives figures by ward and day, `totals`
the same summed over the days, `distinct` counts members once however wide the question.
"""

from collections.abc import (
    AsyncIterator,
    Awaitable,
    Callable,
    Collection,
    Iterable,
    Mapping,
    Sequence,
)
from datetime import date

from pymongo import ASCENDING, IndexModel, UpdateOne
from pyroaring import BitMap

from services.platform.mongo import Database, Document, Session
from services.reporting.counting.difference import Differences
from services.reporting.definitions.measure import Measure
from services.reporting.stores.cell_documents import (
    MemberDays,
    MemberDelta,
    day_document_of,
    day_of,
    field_of,
    month_of,
)
from services.reporting.stores.cell_updates import (
    DocumentKind,
    MemberUpdate,
    Upsert,
    additions,
    counts_in,
    member_updates,
    members_in,
)
from services.reporting.stores.figures import (
    Days,
    Distinct,
    Figure,
    G,
    Total,
    refuse_members,
    require_members,
    split_months,
)
from services.reporting.stores.member_store import Members
from services.reporting.stores.sums import MemberUnions, Sums

INDEXES = [
    IndexModel([(name, ASCENDING) for name in ("kind", "ward", "day", "known")]),
    IndexModel([(name, ASCENDING) for name in ("kind", "day", "ward", "known")]),
]
Remaking = Callable[[], Awaitable[bool]]
_BATCH = 1_000
Order = list[tuple[str, int]]
_BY_DAY: Order = [(name, ASCENDING) for name in ("day", "ward", "known")]
_BY_WARD: Order = [(name, ASCENDING) for name in ("ward", "day", "known")]
"""Orders in which the known days of a ward's day follow each other, as the indexes have them."""


class Cells:
    """Adds differences in the projection's transaction, and reads figures."""

    def __init__(self, database: Database, members: Members, remaking: Remaking) -> None:
        """While wards are `remaking`, months of members may be those of an older version."""
        self._cells = database["cells"]
        self._members = members
        self._remaking = remaking

    async def prepare(self) -> None:
        """Make the indexes; repeatable."""
        await self._cells.create_indexes(INDEXES)

    async def apply(self, differences: Differences, session: Session | None) -> None:
        """Add the differences; part of the session's transaction."""
        writes = [
            *map(_written, additions(differences)),
            *await self._member_updates(list(member_updates(differences)), session),
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
            match document["kind"]:
                case DocumentKind.COUNTS:
                    kept.counts[day_document_of(document)] = counts_in(document)
                case DocumentKind.MONTHS:
                    kept.months[month_of(document)] = counts_in(document)
                case DocumentKind.MEMBERS:
                    kept.members[day_document_of(document)] = members_in(
                        document, MemberDelta, names
                    )
                case DocumentKind.MEMBER_MONTHS:
                    found = members_in(document, MemberDays, names)
                    kept.member_months[month_of(document)] = found
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
        sums = Sums[tuple[str, str]]()
        async for document in self._found(DocumentKind.COUNTS, query, _counts_of(measures)):
            sums.add((document["ward"], document["day"]), document.get("lines", {}))
        found = {
            Figure(measure, ward, day_of(day), codes): amount
            for (ward, day), (measure, codes), amount in sums.found()
        }
        members = [Distinct(m, lambda figure: figure) for m in measures if m.members]
        for figures in await self.distinct(members, wards=wards, days=days, known_by=known_by):
            found |= figures
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
        sums = Sums[str]()
        months, rest = ((), (days,)) if known_by else split_months(days)
        parts = [(DocumentKind.COUNTS, _query(wards, part, known_by)) for part in rest]
        if months:
            parts.append((DocumentKind.MONTHS, _within(wards) | _whole(months)))
        for kind, query in parts:
            async for document in self._found(kind, query, _counts_of(measures)):
                sums.add(document["ward"], document.get("lines", {}))
        return {Total(measure, ward, codes): n for ward, (measure, codes), n in sums.found()}

    async def distinct(
        self,
        asked: Sequence[Distinct[G]],
        *,
        wards: Collection[str] | None,
        days: Days,
        known_by: date | None = None,
        by_day: bool = True,
    ) -> list[dict[G, int]]:
        """How many members each group has, from one reading for all that is asked."""
        for distinct in asked:
            require_members(distinct.measure)
        unions, lines = MemberUnions(asked), _asked_lines(asked)
        order = _BY_DAY if wards is None else _BY_WARD
        months, rest = ((), (days,)) if known_by or by_day else split_months(days)
        if months and await self._remaking():
            months, rest = (), (days,)
        for part in rest:
            query = _query(wards, part, known_by)
            async for document in self._found(DocumentKind.MEMBERS, query, lines, order):
                unions.add(document)
            unions.close()
        if months:
            query = _within(wards) | _whole(months)
            async for document in self._found(DocumentKind.MEMBER_MONTHS, query, lines):
                unions.add_month(document)
        aliases = await self._members.aliases(known_by) if any(unions.groups) else {}
        return [
            {group: len(_as_persons(members, aliases)) for group, members in groups.items()}
            for groups in unions.groups
        ]

    async def _member_updates(
        self, updates: Sequence[MemberUpdate], session: Session | None
    ) -> list[UpdateOne]:
        if not updates:
            return []
        numbers = await self._members.numbers(
            {member for update in updates for _, _, member in update.lines if member[0] != "#"}
        )
        ids = [update.id for update in updates]
        found = self._cells.find({"_id": {"$in": ids}}, session=session, batch_size=_BATCH)
        stored = {document["_id"]: document["lines"] async for document in found}
        return [_written(update.upsert(stored.get(update.id, {}), numbers)) for update in updates]

    async def _found(
        self, kind: str, query: Document, lines: Collection[str], order: Order | None = None
    ) -> AsyncIterator[Document]:
        """Documents with these lines alone; waiting for each by itself took longer than reading."""
        if not lines:
            return
        fields = {"ward": 1, "day": 1, "known": 1} | {f"lines.{line}": 1 for line in lines}
        cursor = self._cells.find({"kind": kind, **query}, fields, sort=order, batch_size=_BATCH)
        while documents := await cursor.to_list(_BATCH):
            for document in documents:
                yield document


def _written(upsert: Upsert) -> UpdateOne:
    changes = {"$inc": upsert.added, "$set": upsert.replaced, "$setOnInsert": upsert.fields}
    change = {operator: lines for operator, lines in changes.items() if lines}
    return UpdateOne({"_id": upsert.id}, change, upsert=True)


def _within(wards: Collection[str] | None) -> Document:
    return {} if wards is None else {"ward": {"$in": sorted(wards)}}


def _query(wards: Collection[str] | None, days: Days, known_by: date | None) -> Document:
    query = _within(wards) | {"day": {"$gte": str(days[0]), "$lte": str(days[1])}}
    return query | {"known": {"$lte": str(known_by)}} if known_by else query


def _whole(months: Sequence[str]) -> Document:
    return {"day": {"$gte": months[0], "$lte": months[-1]}}


def _counts_of(measures: Iterable[Measure]) -> list[str]:
    return [measure.name for measure in measures if not measure.members]


def _asked_lines(asked: Iterable[Distinct[G]]) -> set[str]:
    """A whole measure, where that is asked, stands for its lines: both at once is refused."""
    whole = {distinct.measure.name for distinct in asked if distinct.codes is None}
    single = {
        f"{distinct.measure.name}.{field_of(distinct.codes)}"
        for distinct in asked
        if distinct.codes is not None and distinct.measure.name not in whole
    }
    return whole | single


def _as_persons(members: BitMap, aliases: Mapping[int, int]) -> BitMap:
    merged = members & BitMap(aliases)
    return (members - merged) | BitMap(aliases[number] for number in merged) if merged else members
