"""Turns differences into changes of documents, and documents back into lines; pure."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import NamedTuple, Never

from services.platform.mongo import Document
from services.reporting.counting.difference import Differences, Line, MemberLine
from services.reporting.stores.cell_documents import (
    MemberDays,
    MemberDelta,
    day_document_fields,
    day_document_id,
    field_of,
    lines_of,
    month_fields,
    month_id,
)

Stored = Mapping[str, Mapping[str, Mapping[str, bytes]]]
"""A document's bitmaps by measure and field."""
NOTHING: Mapping[str, Never] = MappingProxyType({})


class DocumentKind(StrEnum):
    """What a document holds; one collection has all, so that a transaction writes them at once."""

    COUNTS = "counts"
    MONTHS = "months"
    MEMBERS = "members"
    MEMBER_MONTHS = "member_months"


class Upsert(NamedTuple):
    """A document's changed lines, by path; `fields` are those of a document that is not there."""

    id: str
    fields: Document
    added: Mapping[str, int] = NOTHING
    replaced: Mapping[str, Mapping[str, bytes]] = NOTHING


@dataclass(frozen=True, slots=True)
class MemberUpdate:
    """What is added to the members in one document."""

    id: str
    fields: Document
    bits: type[MemberDelta] | type[MemberDays]
    lines: Mapping[MemberLine, int]

    def upsert(self, stored: Stored, numbers: Mapping[str, int]) -> Upsert:
        """The changed lines, made from those that are stored."""
        joined: dict[tuple[str, str], MemberDelta | MemberDays] = {}
        for (measure, codes, member), amount in self.lines.items():
            field = field_of(codes)
            if (measure, field) not in joined:
                joined[measure, field] = self.bits(stored.get(measure, {}).get(field))
            number = int(member[1:]) if member[0] == "#" else numbers[member]
            joined[measure, field].add(number, amount)
        changed = {f"lines.{m}.{field}": j.stored() for (m, field), j in joined.items()}
        return Upsert(self.id, self.fields, replaced=changed)


def member_updates(differences: Differences) -> Iterator[MemberUpdate]:
    """Of all documents of members, by day and by month."""
    for document, lines in differences.members.items():
        fields = day_document_fields(DocumentKind.MEMBERS, document)
        yield MemberUpdate(
            day_document_id(DocumentKind.MEMBERS, document), fields, MemberDelta, lines
        )
    for month, days in differences.member_months.items():
        fields = month_fields(DocumentKind.MEMBER_MONTHS, month)
        yield MemberUpdate(month_id(DocumentKind.MEMBER_MONTHS, month), fields, MemberDays, days)


def additions(differences: Differences) -> Iterator[Upsert]:
    """To all documents of counts, by day and by month."""
    for document, lines in differences.counts.items():
        fields = day_document_fields(DocumentKind.COUNTS, document)
        yield Upsert(day_document_id(DocumentKind.COUNTS, document), fields, added=_paths(lines))
    for month, sums in differences.months.items():
        fields = month_fields(DocumentKind.MONTHS, month)
        yield Upsert(month_id(DocumentKind.MONTHS, month), fields, added=_paths(sums))


def counts_in(document: Document) -> dict[Line, int]:
    """The counts that a document holds."""
    return {(measure, codes): amount for measure, codes, amount in lines_of(document)}


def members_in(
    document: Document, bits: type[MemberDelta] | type[MemberDays], names: Mapping[int, str]
) -> dict[MemberLine, int]:
    """The members that a document holds; one without a name appears as `#<number>`."""
    return {
        (measure, codes, names.get(number, f"#{number}")): amount
        for measure, codes, stored in lines_of(document)
        for number, amount in bits(stored).amounts()
    }


def _paths(lines: Mapping[Line, int]) -> dict[str, int]:
    return {f"lines.{m}.{field_of(codes)}": amount for (m, codes), amount in lines.items()}
