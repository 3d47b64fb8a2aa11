"""What one citizen's record holds: a function of all that was said of it, in whatever order.

Of each matter the newest few statements are kept, those that were taken back among them, and the
newest that stands holds. So nothing depends on which of a statement and its void came first.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import NamedTuple

from services.events.citizens import ConsentGiven, ConsentWithdrawn
from services.events.registry import type_name
from services.notify.ledger.table import Table
from services.notify.notification.ordering import instant_of, order_of_id

STATEMENTS_PER_MATTER = 8
"""Statements a matter: so many would have to be taken back before one is missed."""
CONTACT = "contact"
MERGED = "merged"
CONSENT = "consent/"
"""Followed by the purpose."""
RESTRICTED = "restricted/"
"""Followed by the request."""
_GIVEN = {type_name(ConsentGiven): True, type_name(ConsentWithdrawn): False}


@dataclass(frozen=True, slots=True)
class Statement:
    """What one event says of one citizen in one matter."""

    event_id: str
    """Empty for a word of which an earlier version kept only when it was spoken."""
    about: str
    order: str
    given: bool | None = None
    ward: str = ""
    """Where consent was spoken; empty where nobody kept it."""
    body: bytes | None = None
    """Of a `contact.shared`, sealed; gone once the statement is taken back."""
    into: str | None = None
    """The record that stays."""
    voided: bool = False
    undated: bool = False
    """Its order is its id's: hearing the event again corrects it."""


class StatementVoid(NamedTuple):
    """A void: of which event, of what type, about what."""

    event_id: str
    target_type: str
    subject: str


@dataclass(frozen=True, slots=True)
class Consent:
    """The citizen's last word on one purpose."""

    given: bool
    order: str
    ward: str = ""

    @property
    def at(self) -> datetime:
        """When it was spoken."""
        return instant_of(self.order)


@dataclass(frozen=True, slots=True)
class CitizenRecord:
    """What holds of one citizen, and from what it follows; a contact stays sealed."""

    citizen_id: str
    contact: bytes | None = None
    """The body of the newest `contact.shared` that stands."""
    contact_by: str = ""
    """The order of the event that brought it; an earlier version kept its id alone."""
    consents: Mapping[str, Consent] | None = None
    erased: bool = False
    restricted: bool = False
    """A request to erase, or to restrict, is open or was granted."""
    merged_into: str | None = None
    merged_by: str = ""
    """The order of the merger."""
    absorbed: tuple[str, ...] = ()
    """Those that were ever merged into it: whether they still are, their own records say."""
    said: tuple[Statement, ...] = ()
    """Left out where it is read only for what holds."""
    version: int = 0


CITIZENS = Table("citizens", CitizenRecord)


def with_statements(
    record: CitizenRecord, statements: Iterable[Statement], now: datetime
) -> CitizenRecord:
    """With what was said; hearing it again changes nothing."""
    return _holding(record, (*_said(record, now), *statements))


def with_voids(
    record: CitizenRecord, voids: Collection[StatementVoid], now: datetime
) -> CitizenRecord:
    """Without what these events said.

    A consent that an earlier version kept cannot be told from others of its citizen: the void of
    one that was never heard of takes it too, for nobody may be written to without consent.
    """
    said = [*_said(record, now)]
    ids = {one.event_id for one in said}
    gone = {void.event_id for void in voids}
    doubted = {_GIVEN.get(v.target_type) for v in voids if v.event_id not in ids} - {None}
    return _holding(
        record,
        (
            replace(s, voided=True)
            if s.event_id in gone or (not s.event_id and s.given in doubted)
            else s
            for s in said
        ),
    )


def absorb(record: CitizenRecord, merged_id: str) -> CitizenRecord:
    """Another record may lead here."""
    return replace(record, absorbed=tuple(sorted({*record.absorbed, merged_id})))


def erase(record: CitizenRecord, now: datetime) -> CitizenRecord:
    """No contact is left, nor will one be kept that comes later."""
    return _holding(replace(record, erased=True), _said(record, now))


def _said(record: CitizenRecord, now: datetime) -> Iterator[Statement]:
    """And what an earlier version kept of it."""
    yield from record.said
    known = {statement.order for statement in record.said}
    for about, by in ((CONTACT, record.contact_by), (MERGED, record.merged_by)):
        if by and by not in known:
            body = record.contact if about == CONTACT else None
            into = record.merged_into if about == MERGED else None
            order = order_of_id(by, now)
            yield Statement(by, about, order, body=body, into=into, undated=True)
    for purpose, word in (record.consents or {}).items():
        if word.order not in known:
            yield Statement("", f"{CONSENT}{purpose}", word.order, word.given, word.ward)


def _holding(record: CitizenRecord, statements: Iterable[Statement]) -> CitizenRecord:
    said = tuple(_kept(record, statements))
    last: dict[str, Statement] = {}
    for statement in said:
        if not statement.voided:
            last.setdefault(statement.about, statement)
    contact, merged = last.get(CONTACT), last.get(MERGED)
    consents = {
        about.removeprefix(CONSENT): Consent(bool(word.given), word.order, word.ward)
        for about, word in last.items()
        if about.startswith(CONSENT)
    }
    return replace(
        record,
        contact=contact.body if contact else None,
        contact_by=contact.order if contact else "",
        consents=consents or None,
        restricted=any(one.given for about, one in last.items() if about.startswith(RESTRICTED)),
        merged_into=merged.into if merged else None,
        merged_by=merged.order if merged else "",
        said=said,
    )


def _kept(record: CitizenRecord, statements: Iterable[Statement]) -> Iterator[Statement]:
    """By matter, newest first."""
    by_matter = defaultdict[str, list[Statement]](list)
    for statement in statements:
        if not (record.erased and statement.about == CONTACT):
            by_matter[statement.about].append(statement)
    for about in sorted(by_matter):
        once = _once_each(by_matter[about])
        yield from sorted(once, key=lambda s: (s.order, s.event_id), reverse=True)[
            :STATEMENTS_PER_MATTER
        ]


def _once_each(statements: Iterable[Statement]) -> list[Statement]:
    """Of two that are one, what is surer of each."""
    found: dict[str, Statement] = {}
    for one in statements:
        key = one.event_id or one.order
        other = found.get(key, one)
        better = min(one, other, key=lambda s: (s.undated, s.order))
        voided = one.voided or other.voided
        found[key] = replace(better, voided=voided, body=None if voided else better.body)
    named = {_word(s) for s in found.values() if s.event_id}
    return [s for s in found.values() if s.event_id or _word(s) not in named]


def _word(statement: Statement) -> tuple[datetime, bool | None]:
    """By which one that an earlier version kept is known again."""
    return instant_of(statement.order), statement.given
