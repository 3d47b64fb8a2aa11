"""Who may be reached, and how: contact, consent, erasure and merging, in whatever order."""

from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import NamedTuple, Protocol

import structlog

from services.events.citizens import ConsentGiven, ConsentWithdrawn
from services.notify.numbers import is_mobile
from services.platform.contact_wire import ContactUnreadable, open_shared

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Consent:
    """The citizen's last word on one purpose."""

    given: bool
    order: str
    """Compares as the words were spoken; a withdrawal beats a consent of the same instant."""
    ward: str = ""
    """Where it was spoken; empty where nobody kept it."""

    @property
    def at(self) -> datetime:
        """When it was spoken."""
        return datetime.fromtimestamp(float(self.order.partition("/")[0]), UTC)


class Word(NamedTuple):
    """What a citizen said on a purpose."""

    citizen_id: str
    purpose: str
    consent: Consent


class Shared(NamedTuple):
    """The body of a `contact.shared`; of two, the greater `order` is the newer."""

    citizen_id: str
    body: bytes
    order: str


@dataclass(frozen=True, slots=True)
class Record:
    """What one citizen's own messages and events said; a contact stays sealed."""

    citizen_id: str
    contact: bytes | None = None
    """The body of the newest `contact.shared`."""
    contact_order: str = ""
    consents: Mapping[str, Consent] | None = None
    erased: bool = False
    merged_into: str | None = None
    merged_order: str = ""
    absorbed: tuple[str, ...] = ()
    """Those that were merged into it."""


@dataclass(frozen=True, slots=True)
class Card:
    """One person, all records merged into it taken together."""

    citizen_ids: frozenset[str]
    phone: str | None = None
    contact_problem: str = "no_contact"
    """Why there is no phone."""
    consent: bool | None = None
    """None while neither given nor withdrawn."""
    consent_at: datetime | None = None
    """Of the last word."""
    consent_ward: str = ""
    """Where the last word was spoken."""
    contact: str = ""
    """The event that brought the phone."""
    erased: bool = False


class Contacts(Protocol):
    """The store of records; each change is idempotent and may come in any order."""

    async def share(self, contacts: Sequence[Shared]) -> None:
        """Keeps each citizen's newest, unless the citizen was erased."""

    async def consent(self, words: Sequence[Word]) -> None:
        """Keeps the last word."""

    async def erase(self, citizen_ids: Collection[str]) -> None:
        """Destroys the contacts for good: a late `contact.shared` changes nothing."""

    async def merge(self, merged_id: str, citizen_id: str, order: str) -> None:
        """The records are one person's from now on."""

    async def persons(self, citizen_ids: Collection[str]) -> dict[str, tuple[Record, ...]]:
        """By each id asked for, the records of its person: the one that stays comes first."""

    async def agreed(self, purpose: str, after: str, limit: int) -> list[str]:
        """Ids whose own last word on it is consent, in their order, from behind `after`."""


async def persons(
    citizen_ids: Collection[str], read: Callable[[Collection[str]], Awaitable[dict[str, Record]]]
) -> dict[str, tuple[Record, ...]]:
    """Follows mergers both ways; where there are none, which is nearly always, it reads once."""
    known = {id_: Record(id_) for id_ in citizen_ids} | await read(citizen_ids)
    while missing := {id_ for r in known.values() for id_ in _linked(r)} - known.keys():
        known |= {id_: Record(id_) for id_ in missing} | await read(missing)
    return {id_: _person(known[id_], known) for id_ in citizen_ids}


def words_of(event: ConsentGiven | ConsentWithdrawn) -> list[Word]:
    """One a purpose."""
    given = isinstance(event, ConsentGiven)
    order = f"{event.time.timestamp():020.6f}/{'given' if given else 'withdrawn'}"
    said = Consent(given, order, event.ward)
    return [Word(event.data.citizen_id, purpose.value, said) for purpose in event.data.purposes]


def card_of(records: tuple[Record, ...], purpose: str, keys: tuple[bytes, ...]) -> Card:
    """The person behind the records; the record that stays has the first say on the phone."""
    words = [r.consents[purpose] for r in records if r.consents and purpose in r.consents]
    last = max(words, key=lambda consent: consent.order, default=None)
    phone, problem = _phone(records, keys)
    return Card(
        citizen_ids=frozenset(record.citizen_id for record in records),
        phone=phone,
        contact_problem=problem,
        consent=last.given if last else None,
        consent_at=last.at if last else None,
        consent_ward=last.ward if last else "",
        contact=next((record.contact_order for record in records if record.contact), ""),
        erased=records[0].erased,
    )


def _linked(record: Record) -> tuple[str, ...]:
    return (*record.absorbed, record.merged_into) if record.merged_into else record.absorbed


def _person(record: Record, known: Mapping[str, Record]) -> tuple[Record, ...]:
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


def _phone(records: tuple[Record, ...], keys: tuple[bytes, ...]) -> tuple[str | None, str]:
    body = next((record.contact for record in records if record.contact), None)
    if body is None:
        return None, "no_contact"
    try:
        phone = open_shared(body, *keys).phone
    except ContactUnreadable:
        log.warning("a contact cannot be read: is NOTIFY_WRAP_KEY registration's?")
        return None, "contact_unreadable"
    return (phone, "no_contact") if is_mobile(phone) else (None, "not_mobile")
