"""What an SMS tells of, why it may be told once only, and what the ledger knows of each event."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import NamedTuple, Self

from services.events.assistance import CitizenAssisted
from services.events.codes import Purpose
from services.events.envelope import CITY_TIME
from services.events.signatures import SignatureIssued

EXPIRY = timedelta(hours=72)
"""After a visit; then an SMS about it only puzzles."""


class About(StrEnum):
    """What an SMS is for; with citizen and day it is the reason that is used up."""

    VISIT = "visit"
    CORRECTION = "correction"
    """What an earlier SMS told was wrong."""
    OUTCOME = "outcome"
    """What the ward found out about a dispute."""
    FOLLOW_UP = "follow_up"
    REMINDER = "reminder"
    INVITATION = "invitation"
    COMMAND = "command"
    """What the citizen told us to do by SMS is done: Decree 91/2020 has a refusal confirmed."""

    @property
    def purpose(self) -> Purpose:
        """What its citizen must have agreed to."""
        match self:
            case About.REMINDER:
                return Purpose.REMINDER
            case About.INVITATION:
                return Purpose.INVITATION
        return Purpose.VISIT

    @property
    def advertises(self) -> bool:
        """Decree 91/2020 holds for it: marked [QC], three a day, never to the refusers' list."""
        return self is About.INVITATION


NOBODY = "unknown"
"""In place of a citizen, where a number told us something and nobody knows whose it is."""


class OccasionKind(StrEnum):
    """What happened."""

    ASSISTED = "assisted"
    SIGNATURE_ISSUED = "signature_issued"
    DISPUTE_RESOLVED = "dispute_resolved"
    APPOINTMENT = "appointment"
    INVITED = "invited"
    COMMANDED = "commanded"


class Reason(NamedTuple):
    """Citizen, day and purpose: at most one SMS leaves for it."""

    citizen_id: str
    day: date
    about: About = About.VISIT
    detail: str = ""
    """Which of several a day: the slot, the campaign."""

    def __str__(self) -> str:
        detail = f":{self.detail}" if self.detail else ""
        return f"{self.citizen_id}/{self.day}/{self.about}{detail}"

    @classmethod
    def read(cls, text: str) -> Self:
        """The inverse of `str`."""
        citizen_id, day, purpose = text.split("/", 2)
        about, _, detail = purpose.partition(":")
        return cls(citizen_id, date.fromisoformat(day), About(about), detail)


@dataclass(frozen=True, slots=True)
class Occasion:
    """One event as its SMS needs it."""

    event_id: str
    citizen_id: str
    kind: OccasionKind
    ward: str
    at: datetime
    """The time told of: of the visit, of the appointment."""
    recorded_at: datetime
    """The server's time for the event."""
    until: datetime
    """From then on nobody wants to hear of it."""
    about: About = About.VISIT
    detail: str = ""
    """The outcome of a dispute, the slot of an appointment, the campaign of an invitation, the
    command and which it was."""
    not_before: datetime | None = None
    """It is told then at the earliest; None: after the installation's delay."""
    voided: bool = False
    source: str = ""
    """Who recorded it; empty for what is nobody's record."""

    @property
    def day(self) -> date:
        """In Ho Chi Minh City."""
        return self.at.astimezone(CITY_TIME).date()

    @property
    def reason_id(self) -> str:
        """The reason that the event has by itself, where it corrects no other."""
        return str(Reason(self.citizen_id, self.day, self.about, self._which))

    @property
    def _which(self) -> str:
        """An outcome is one a day: its detail says only how it ended."""
        return "" if self.about is About.OUTCOME else self.detail


@dataclass(frozen=True, slots=True)
class EventRow:
    """One event in the ledger; it may be named, by a void or a correction, before it is seen."""

    event_id: str
    seen: bool = False
    occasion: Occasion | None = None
    """None while it is unseen, and for help to somebody unidentified."""
    replaces: str | None = None
    waits_until: datetime | None = None
    """Until then it waits for the event that it corrects; afterwards it stands for itself."""
    reason_id: str | None = None
    voided: bool = False
    refused: bool = False
    """Registration rejected it before it was seen; corrections do not wait for it."""
    heard_at: datetime | None = None
    """The machine's time; the clock of a demo goes on from it after a restart."""


def reason_id(citizen_id: str, day: date) -> str:
    """Of a visit."""
    return str(Reason(citizen_id, day))


def row_of(event: CitizenAssisted | SignatureIssued, heard_at: datetime) -> EventRow:
    """The event as it enters the ledger; its reason is not yet known."""
    return EventRow(
        event.id,
        seen=True,
        occasion=_occasion_of(event),
        replaces=event.replaces,
        waits_until=event.time + EXPIRY if event.replaces else None,
        heard_at=heard_at,
    )


def _occasion_of(event: CitizenAssisted | SignatureIssued) -> Occasion | None:
    if event.data.citizen_id is None:
        return None
    assisted = isinstance(event, CitizenAssisted)
    return Occasion(
        event_id=event.id,
        citizen_id=event.data.citizen_id,
        kind=OccasionKind.ASSISTED if assisted else OccasionKind.SIGNATURE_ISSUED,
        ward=event.ward,
        at=event.time,
        recorded_at=event.recordedtime or event.time,
        until=event.time + EXPIRY,
        source=event.source,
    )
