"""Turns differences into updates of documents, and documents back into lines; pure."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from pymongo import UpdateOne

from services.platform.mongo import Document
from services.reporting.counting.difference import Differences, Line, MemberLine
from services.reporting.stores.cell_documents import (
    DaysCounted,
    Joined,
    field_of,
    lines_of,
    month_fields,
    month_id,
    sheet_fields,
    sheet_id,
)

Stored = Mapping[str, Mapping[str, Mapping[str, bytes]]]
"""A document's bitmaps by measure and field."""


class Kind(StrEnum):
    """What a document holds; one collection has all, so that a transaction writes them at once."""

    COUNTS = "counts"
    MONTHS = "months"
    MEMBERS = "members"
    MEMBER_MONTHS = "member_months"


@dataclass(frozen=True, slots=True)
class Joining:
    """What is added to the members in one document."""

    id: str
    fields: Document
    bits: type[Joined] | type[DaysCounted]
    lines: Mapping[MemberLine, int]

    def update(self, stored: Stored, numbers: Mapping[str, int]) -> UpdateOne:
        """The changed lines, made from those that are stored."""
        joined: dict[tuple[str, str], Joined | DaysCounted] = {}
        for (measure, codes, member), amount in self.lines.items():
            field = field_of(codes)
            if (measure, field) not in joined:
                joined[measure, field] = self.bits(stored.get(measure, {}).get(field))
            number = int(member[1:]) if member[0] == "#" else numbers[member]
            joined[measure, field].add(number, amount)
        changed = {f"lines.{m}.{field}": j.stored() for (m, field), j in joined.items()}
        return _upsert(self.id, "$set", changed, self.fields)


def joinings(differences: Differences) -> Iterator[Joining]:
    """Of all documents of members, by day and by month."""
    for sheet, lines in differences.members.items():
        fields = sheet_fields(Kind.MEMBERS, sheet)
        yield Joining(sheet_id(Kind.MEMBERS, sheet), fields, Joined, lines)
    for month, days in differences.member_months.items():
        fields = month_fields(Kind.MEMBER_MONTHS, month)
        yield Joining(month_id(Kind.MEMBER_MONTHS, month), fields, DaysCounted, days)


def additions(differences: Differences) -> Iterator[UpdateOne]:
    """To all documents of counts, by day and by month."""
    for sheet, lines in differences.counts.items():
        fields = sheet_fields(Kind.COUNTS, sheet)
        yield _upsert(sheet_id(Kind.COUNTS, sheet), "$inc", _paths(lines), fields)
    for month, sums in differences.months.items():
        fields = month_fields(Kind.MONTHS, month)
        yield _upsert(month_id(Kind.MONTHS, month), "$inc", _paths(sums), fields)


def counts_in(document: Document) -> dict[Line, int]:
    """The counts that a document holds."""
    return {(measure, codes): amount for measure, codes, amount in lines_of(document)}


def members_in(
    document: Document, bits: type[Joined] | type[DaysCounted], names: Mapping[int, str]
) -> dict[MemberLine, int]:
    """The members that a document holds; one without a name appears as `#<number>`."""
    return {
        (measure, codes, names.get(number, f"#{number}")): amount
        for measure, codes, stored in lines_of(document)
        for number, amount in bits(stored).amounts()
    }


def _upsert(id_: str, operator: str, change: Document, fields: Document) -> UpdateOne:
    return UpdateOne({"_id": id_}, {operator: change, "$setOnInsert": fields}, upsert=True)


def _paths(lines: Mapping[Line, int]) -> dict[str, int]:
    return {f"lines.{m}.{field_of(codes)}": amount for (m, codes), amount in lines.items()}
