"""Who is invited: everybody whose last word is consent, once, in the ward where it fell."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from services.events.codes import Purpose
from services.events.envelope import CITY_TIME
from services.notify.contacts.contacts import Contacts, recipient_of
from services.notify.contacts.number_keys import number_key
from services.notify.contacts.records import CitizenRecord
from services.notify.notification.numbers import NumberRecord
from services.notify.notification.policy import refused
from services.notify.notification.recipient import Recipient
from services.platform.vietnam.wards import CITY, successors, ward_at

SHARED_NUMBER = "shared_number"
"""Somebody else is invited by it."""


@dataclass(frozen=True, slots=True)
class Invitee:
    """One person who agreed once, by whichever of the merged records."""

    place: str
    """The id at which a walk through all ids comes by."""
    citizen_id: str
    """Of the record that stays."""
    ward: str
    """Today's, in which the last word was spoken; the city where it cannot be told."""
    recipient: Recipient
    number_key: str
    """Empty without a number."""


@dataclass(frozen=True, slots=True)
class AudienceBatch:
    """Some of an audience, in the order of ids."""

    after: str
    upto: str
    invitees: tuple[Invitee, ...]
    last: bool
    """Nobody comes behind it."""


async def stretch(
    contacts: Contacts, keys: tuple[bytes, ...], wards: Collection[str], after: str, size: int
) -> AudienceBatch:
    """From so many ids behind `after`, those of the wards; of all where none is named.

    Raises: Unavailable.
    """
    ids = await contacts.agreed(Purpose.INVITATION.value, after, size)
    persons = await contacts.persons(ids)
    found = (_invitee(i, persons[i], keys) for i in ids if i == _first_agreed(persons[i]))
    return AudienceBatch(
        after=after,
        upto=ids[-1] if ids else after,
        invitees=tuple(one for one in found if not wards or one.ward in wards),
        last=len(ids) < size,
    )


def why_not(invitee: Invitee, number: NumberRecord) -> str | None:
    """Why an invitation may not go to them, as it stands now; None: it may."""
    recipient = invitee.recipient
    if recipient.erased:
        return "erased"
    if recipient.restricted:
        return "restricted"
    if not recipient.consent:
        return "consent_withdrawn"
    if recipient.phone is None:
        return recipient.contact_problem
    return refused(number, recipient, invitee.citizen_id, advertises=True)


def _first_agreed(records: tuple[CitizenRecord, ...]) -> str:
    """One with several records is met once; empty where the word was taken back meanwhile."""
    return min((r.citizen_id for r in records if _agrees(r)), default="")


def _agrees(record: CitizenRecord) -> bool:
    word = (record.consents or {}).get(Purpose.INVITATION.value)
    return word is not None and word.given


def _invitee(place: str, records: tuple[CitizenRecord, ...], keys: tuple[bytes, ...]) -> Invitee:
    recipient = recipient_of(records, Purpose.INVITATION, keys)
    return Invitee(
        place=place,
        citizen_id=records[0].citizen_id,
        ward=_ward_today(recipient.consent_ward, recipient.consent_at),
        recipient=recipient,
        number_key=number_key(recipient.phone, keys) if recipient.phone else "",
    )


def _ward_today(code: str, at: datetime | None) -> str:
    """A ward of before the merger is the one it went into; where it was split, nobody knows."""
    if not code or at is None:
        return CITY
    ward = ward_at(code, at.astimezone(CITY_TIME).date())
    following = successors(ward) if ward else ()
    if len(following) > 1:
        return CITY
    return following[0].ward.code if following else code
