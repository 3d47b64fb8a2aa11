"""The person whom an SMS would reach, as the policy sees them; pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Recipient:
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
    """The order of the event that brought the phone."""
    erased: bool = False
    versions: Mapping[str, int] = field(default_factory=dict)
    """Of the records, by id: while they are the same, so is all of this."""
    restricted: bool = False
    """By a request of the person, under whichever record."""
