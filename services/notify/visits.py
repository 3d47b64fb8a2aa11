"""What the ledger knows of each event: what it told, what it corrects, and its reason."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from services.events.assistance import CitizenAssisted
from services.events.codes import Purpose
from services.events.envelope import CITY_TIME
from services.events.signatures import SignatureIssued

EXPIRY = timedelta(hours=72)
"""After a visit; then an SMS about it only puzzles."""


class VisitKind(StrEnum):
    """What a citizen is told of; both are one visit."""

    ASSISTED = "assisted"
    SIGNATURE_ISSUED = "signature_issued"


@dataclass(frozen=True, slots=True)
class Visit:
    """One event as its SMS needs it; `recorded_at` is the server's time for it."""

    event_id: str
    citizen_id: str
    kind: VisitKind
    ward: str
    at: datetime
    recorded_at: datetime
    voided: bool = False

    @property
    def day(self) -> date:
        """In Ho Chi Minh City."""
        return self.at.astimezone(CITY_TIME).date()

    @property
    def reason_id(self) -> str:
        """The reason that the event has by itself, where it corrects no other."""
        return reason_id(self.citizen_id, self.day)


@dataclass(frozen=True, slots=True)
class Row:
    """One event in the ledger; it may be named, by a void or a correction, before it is seen."""

    event_id: str
    seen: bool = False
    visit: Visit | None = None
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
    """Citizen, day and purpose as one text: at most one SMS leaves for it."""
    return f"{citizen_id}/{day}/{Purpose.VISIT}"


def row_of(event: CitizenAssisted | SignatureIssued, heard_at: datetime) -> Row:
    """The event as it enters the ledger; its reason is not yet known."""
    return Row(
        event.id,
        seen=True,
        visit=_visit_of(event),
        replaces=event.replaces,
        waits_until=event.time + EXPIRY if event.replaces else None,
        heard_at=heard_at,
    )


def _visit_of(event: CitizenAssisted | SignatureIssued) -> Visit | None:
    if event.data.citizen_id is None:
        return None
    assisted = isinstance(event, CitizenAssisted)
    return Visit(
        event_id=event.id,
        citizen_id=event.data.citizen_id,
        kind=VisitKind.ASSISTED if assisted else VisitKind.SIGNATURE_ISSUED,
        ward=event.ward,
        at=event.time,
        recorded_at=event.recordedtime or event.time,
    )
