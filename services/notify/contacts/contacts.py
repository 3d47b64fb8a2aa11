"""Who may be reached, and how: contact, consent, erasure and merging, in whatever order."""

from collections import defaultdict
from collections.abc import Awaitable, Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import NamedTuple, Protocol

import structlog

from services.events.citizens import CitizenMerged, ConsentGiven, ConsentWithdrawn
from services.events.requests import RequestClosed, RequestReceived
from services.notify.contacts.records import (
    CONSENT,
    CONTACT,
    MERGED,
    RESTRICTED,
    CitizenRecord,
    Consent,
    Statement,
    StatementVoid,
    absorb,
    with_statements,
)
from services.notify.notification.ordering import newness, order_of, order_of_id
from services.notify.notification.recipient import Recipient
from services.platform.personal_data.contact_wire import (
    ContactUnreadable,
    SharedContact,
    open_shared,
)
from services.platform.vietnam.phone_numbers import is_mobile

log = structlog.get_logger(__name__)


Persons = Mapping[str, tuple[CitizenRecord, ...]]
"""By the id asked for, the records of its person: the one that stays comes first."""


class CitizenStatement(NamedTuple):
    """Of whom something is said."""

    citizen_id: str
    statement: Statement


class Contacts(Protocol):
    """The store of records; each change is idempotent and may come in any order."""

    async def record(self, said: Sequence[CitizenStatement]) -> None:
        """Keeps what was said; what was taken back before it came does not hold."""

    async def void(self, voids: Sequence[StatementVoid]) -> set[str]:
        """What these events said does not hold, whenever it comes; whom that concerns by now."""

    async def erase(self, citizen_ids: Collection[str]) -> None:
        """Destroys the contacts for good: a late `contact.shared` changes nothing."""

    async def persons(self, citizen_ids: Collection[str]) -> dict[str, tuple[CitizenRecord, ...]]:
        """By each id asked for, the records of its person: the one that stays comes first."""

    async def versions(self, citizen_ids: Collection[str]) -> dict[str, int]:
        """Of the records that there are; each change makes another."""

    async def agreed(self, purpose: str, after: str, limit: int) -> list[str]:
        """Ids whose own last word on it is consent, in their order, from behind `after`."""


async def persons(
    citizen_ids: Collection[str],
    read: Callable[[Collection[str]], Awaitable[dict[str, CitizenRecord]]],
) -> dict[str, tuple[CitizenRecord, ...]]:
    """Follows mergers both ways; where there are none, which is nearly always, it reads once."""
    known = {id_: CitizenRecord(id_) for id_ in citizen_ids} | await read(citizen_ids)
    while missing := {id_ for r in known.values() for id_ in _linked(r)} - known.keys():
        known |= {id_: CitizenRecord(id_) for id_ in missing} | await read(missing)
    return {id_: _person(known[id_], known) for id_ in citizen_ids}


def words_of(event: ConsentGiven | ConsentWithdrawn) -> list[CitizenStatement]:
    """One a purpose."""
    given = isinstance(event, ConsentGiven)
    order = order_of(event.time, event.id)
    return [
        CitizenStatement(
            event.data.citizen_id,
            Statement(event.id, f"{CONSENT}{purpose.value}", order, given=given, ward=event.ward),
        )
        for purpose in event.data.purposes
    ]


def restriction_of(event: RequestReceived | RequestClosed) -> list[CitizenStatement]:
    """Nothing where the request restricts nobody."""
    asked = event.data
    if asked.citizen_id is None or not asked.kind.restricts:
        return []
    still = isinstance(event, RequestReceived) or event.data.outcome.keeps_restricting(asked.kind)
    about, order = f"{RESTRICTED}{event.subject}", order_of(event.time, event.id)
    return [CitizenStatement(asked.citizen_id, Statement(event.id, about, order, given=still))]


def merger_of(event: CitizenMerged) -> CitizenStatement:
    """Said of the record that ends."""
    order = order_of(event.time, event.id)
    return CitizenStatement(
        event.data.merged_id, Statement(event.id, MERGED, order, into=event.data.citizen_id)
    )


def contact_of(shared: SharedContact, body: bytes, now: datetime) -> CitizenStatement:
    """`body` is the message that it was read from; older ones do not tell the event's time."""
    at, id_ = shared.at, shared.event_id
    order = order_of(at, id_) if at else order_of_id(id_, now)
    return CitizenStatement(
        shared.citizen_id, Statement(id_, CONTACT, order, body=body, undated=at is None)
    )


def marked(said: Iterable[CitizenStatement], gone: Collection[str]) -> list[CitizenStatement]:
    """Those of these events do not hold."""
    return [
        one._replace(statement=replace(one.statement, voided=True))
        if one.statement.event_id in gone
        else one
        for one in said
    ]


def by_citizen(said: Iterable[CitizenStatement]) -> dict[str, list[CitizenStatement]]:
    """Whose records change: with a merger also the one that stays."""
    found = defaultdict[str, list[CitizenStatement]](list)
    for one in said:
        for citizen_id in {one.citizen_id, one.statement.into or one.citizen_id}:
            found[citizen_id].append(one)
    return found


def applied(
    record: CitizenRecord, said: Iterable[CitizenStatement], now: datetime
) -> CitizenRecord:
    """A record with what concerns it."""
    own = list[Statement]()
    for citizen_id, statement in said:
        if citizen_id == record.citizen_id:
            own.append(statement)
        if statement.into == record.citizen_id:
            record = absorb(record, citizen_id)
    return with_statements(record, own, now)


def concerned(records: Iterable[CitizenRecord], voids: Collection[StatementVoid]) -> set[str]:
    """Whom the voids part, or change; however often they are told."""
    gone = {void.event_id for void in voids}
    found = set[str]()
    for record in records:
        found |= {record.citizen_id}
        found |= {s.into for s in record.said if s.into and s.event_id in gone}
    return found


def recipient_of(
    records: tuple[CitizenRecord, ...], purpose: str, keys: tuple[bytes, ...]
) -> Recipient:
    """The person behind the records; of contacts and words the last one holds, whichever record
    it was said of. Of two contacts of one instant, that of the record that stays."""
    last = last_word(records, purpose)
    known = [record for record in records if record.contact]
    newest = max(known, key=lambda record: newness(record.contact_by), default=None)
    phone, problem = _phone(newest.contact if newest else None, keys)
    return Recipient(
        citizen_ids=frozenset(record.citizen_id for record in records),
        phone=phone,
        contact_problem=problem,
        consent=last.given if last else None,
        consent_at=last.at if last else None,
        consent_ward=last.ward if last else "",
        contact=newest.contact_by if newest else "",
        erased=records[0].erased,
        versions={record.citizen_id: record.version for record in records},
        restricted=any(record.restricted for record in records),
    )


def last_word(records: Iterable[CitizenRecord], purpose: str) -> Consent | None:
    """What the person said last on it, under whichever record."""
    words = [r.consents[purpose] for r in records if r.consents and purpose in r.consents]
    return max(words, key=lambda consent: consent.order, default=None)


def _linked(record: CitizenRecord) -> tuple[str, ...]:
    return (*record.absorbed, record.merged_into) if record.merged_into else record.absorbed


def _person(record: CitizenRecord, known: Mapping[str, CitizenRecord]) -> tuple[CitizenRecord, ...]:
    """The one that stays, then all that went into it; a circle ends where it began."""
    above = {record.citizen_id}
    while record.merged_into and record.merged_into not in above:
        above.add(record.merged_into)
        record = known[record.merged_into]
    found, frontier = {record.citizen_id: record}, [record]
    while frontier:
        parent = frontier.pop()
        for id_ in parent.absorbed:
            if id_ not in found and known[id_].merged_into == parent.citizen_id:
                found[id_] = known[id_]
                frontier.append(known[id_])
    return tuple(found.values())


def _phone(body: bytes | None, keys: tuple[bytes, ...]) -> tuple[str | None, str]:
    if body is None:
        return None, "no_contact"
    try:
        phone = open_shared(body, *keys).phone
    except ContactUnreadable:
        log.warning("a contact cannot be read: is NOTIFY_WRAP_KEY registration's?")
        return None, "contact_unreadable"
    return (phone, "no_contact") if is_mobile(phone) else (None, "not_mobile")
