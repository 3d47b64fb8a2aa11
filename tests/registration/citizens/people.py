"""Invented people, and one registration's keys."""

from typing import Any

from services.events.person import Person, PhoneOwner
from services.platform.ids import new_event_id
from services.registration.citizens.persons import Persons
from services.registration.citizens.vault import Keys
from services.registration.intake.persons import Identity

KEYS = Keys(index=b"i" * 32, master=b"m" * 32, notify=b"n" * 32)
WARD = "27343"
VISIT = frozenset({"citizen_id", "household_id", "member_id"})
MEMBERSHIP = frozenset({"member_id", "kind", "role"})


def somebody(**told: Any) -> Person:
    """Whose phone is their own unless told otherwise."""
    return Person(**{"phone_owner": PhoneOwner.SELF, **told})


async def identify(
    persons: Persons, *people: Person, wanted: frozenset[str] = VISIT
) -> list[Identity]:
    """Each in an event of its own, all in one upload."""
    return await persons.identify(
        [persons.candidate(person, WARD, new_event_id(), wanted) for person in people]
    )
