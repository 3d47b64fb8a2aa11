"""One SMS and all that is known of it."""

import hashlib
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Annotated

from pydantic import Field, PlainSerializer

from services.events.notifications import SmsChannel
from services.notify.notification.occasions import About, Occasion, OccasionKind, Reason
from services.notify.notification.states import NEVER_LEFT, State

ID_PREFIX = "sms-"

Day = Annotated[date, PlainSerializer(date.isoformat)]
"""A day of a record: MongoDB knows instants alone."""

FOLLOWERS = (About.CORRECTION, About.FOLLOW_UP)
"""What may follow an SMS about a visit, for the same citizen and day."""


@dataclass(frozen=True, slots=True)
class Change:
    """One step of a notification's history."""

    state: State
    at: datetime
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class Attempt:
    """One try, written down before any byte leaves."""

    number: int
    provider: str
    request_id: str
    at: datetime
    template: str
    segments: int
    channel: SmsChannel = "sms"
    event_id: Annotated[str, Field(alias="told")] = ""
    """The event that it tells of."""
    contact: str = ""
    """The order of the event that brought the number."""
    asks: bool = False
    """Its text asks for an answer."""
    uncertain: bool = False
    """It may have arrived, and the other side recognises a repetition: only that may follow."""
    refused: bool = False
    """It surely did not leave, and nothing is counted for it."""
    message_id: str | None = None
    """The provider's id for it."""
    parts: tuple[str, ...] = ()
    """Its ids of the parts, where they went one by one: all of them must arrive."""
    cost_vnd: int = 0


class Answer(StrEnum):
    """What a citizen's SMS says."""

    RIGHT = "right"
    WRONG = "wrong"
    WRONG_NUMBER = "wrong_number"
    STOP = "stop"
    START = "start"
    OTHER = "other"
    """A person reads it."""


@dataclass(frozen=True, slots=True)
class Notification:
    """All that is known of one SMS; its number and text are never part of it."""

    id: str
    reason_id: str
    citizen_id: str
    """Whose visit it was; who is told is `recipient_id`."""
    day: Day
    created_at: datetime
    about: About = About.VISIT
    occasions: tuple[Occasion, ...] = ()
    corrects: str | None = None
    """The event that an earlier SMS told and that no longer stands as it was told."""
    state: State = State.RECEIVED
    due_at: datetime | None = None
    """When it is looked at again, or was, while submitting; None once only a receipt may come."""
    lease_until: datetime | None = None
    """While submitting: from then on its process counts as dead. The machine's own time."""
    attempts: tuple[Attempt, ...] = ()
    history: tuple[Change, ...] = ()
    answer: Answer | None = None
    """The citizen's: one at most."""
    via: str | None = None
    """The provider by which it came to this: it goes back the same way."""
    version: int = 0

    @property
    def standing(self) -> tuple[Occasion, ...]:
        """The occasions that nobody took back, oldest first."""
        if len(self.occasions) == 1:
            return () if self.occasions[0].voided else self.occasions
        return tuple(sorted((o for o in self.occasions if not o.voided), key=_when))

    @property
    def main_occasion(self) -> Occasion:
        """The one spoken of: the citizen's own before another's, help before a signature."""
        if len(self.occasions) == 1:
            return self.occasions[0]
        if self.corrects:
            return next(o for o in self.occasions if o.event_id == self.corrects)
        candidates = self.standing or tuple(sorted(self.occasions, key=_when))
        return max(
            candidates, key=lambda o: (o.citizen_id == self.citizen_id, _weight(o), _when(o))
        )

    @property
    def recipient_id(self) -> str:
        """Who is told: after a correction it may be another citizen than the reason's."""
        return self.main_occasion.citizen_id

    @property
    def expires_at(self) -> datetime:
        """When nobody wants to hear any more of the last occasion that stands."""
        return max(o.until for o in self.standing or self.occasions)

    @property
    def reason(self) -> str | None:
        """Why it stands where it stands."""
        return self.history[-1].reason if self.history else None

    @property
    def last(self) -> Attempt | None:
        """The newest attempt."""
        return self.attempts[-1] if self.attempts else None

    @property
    def never_left(self) -> bool:
        """Nothing of it is on a phone, nor can be as it stands."""
        return self.state in NEVER_LEFT and self.unsettled is None

    @property
    def repeats(self) -> bool:
        """Its last attempt is an earlier one shown again, which may have arrived."""
        *earlier, last = self.attempts
        return any(a.uncertain and a.request_id == last.request_id for a in earlier)

    @property
    def unsettled(self) -> Attempt | None:
        """An attempt that only a repetition under its own id can settle."""
        return self.last if self.last and self.last.uncertain else None


def notification_id(reason: str) -> str:
    """The same for the same reason, so that the database itself holds at most one."""
    return f"{ID_PREFIX}{hashlib.sha256(reason.encode()).hexdigest()[:24]}"


def notification_of(request_id: str) -> str:
    """Whose attempt it was."""
    return request_id.rpartition("-")[0]


def ids_telling(reason: str) -> list[str]:
    """Of all that may tell of an event with this reason: what follows an SMS shares its reason."""
    read = Reason.read(reason)
    abouts = (About.VISIT, *FOLLOWERS) if read.about is About.VISIT else (read.about,)
    return [notification_id(str(read._replace(about=about))) for about in abouts]


def first(reason: str, occasion: Occasion) -> Notification:
    """A notification with a reason and no occasion yet."""
    read = Reason.read(reason)
    return Notification(
        id=notification_id(reason),
        reason_id=reason,
        citizen_id=read.citizen_id,
        day=read.day,
        created_at=occasion.recorded_at,
        about=read.about,
    )


def _when(occasion: Occasion) -> tuple[datetime, str]:
    return occasion.at, occasion.event_id


def _weight(occasion: Occasion) -> bool:
    return occasion.kind is OccasionKind.ASSISTED
