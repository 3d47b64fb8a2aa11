"""One posted event on its way to a result."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from services.events.envelope import Event
from services.messaging.log.entry import Appended, Entry
from services.platform.problems import Problem
from services.registration.intake.body import Element
from services.registration.intake.parse import Parsed, valid_id
from services.registration.intake.problems import ID_CONFLICT
from services.registration.intake.results import Result, ResultKind, refused, succeeded
from services.registration.subjects.actor import Actor


@dataclass(frozen=True, slots=True)
class Upload:
    """Who sends, when by the server's clock, and how far the phone's clock was behind."""

    actor: Actor
    now: datetime
    offset: timedelta = timedelta()


@dataclass(slots=True, eq=False)
class Draft:
    """`outcome` stays empty until the event is appended or found wanting."""

    posted: Element
    parsed: Parsed | None = None
    entry: Entry | None = None
    outcome: Appended | Problem | None = None
    id: str = field(init=False)
    """As posted; empty where that is no event id, so that nothing else is echoed."""

    def __post_init__(self) -> None:
        self.id = "" if isinstance(self.posted, Problem) else valid_id(self.posted) or ""

    @property
    def event(self) -> Event | None:
        """The event as it will be recorded, while it stands."""
        return self.entry.event if self.entry and self.outcome is None else None

    @property
    def set_aside(self) -> Sequence[Problem]:
        """What its poster told of the person and nobody will use."""
        return self.parsed.person.set_aside if self.parsed and self.parsed.person else ()

    def value(self, name: str) -> str:
        """An attribute of the envelope as posted."""
        found = None if isinstance(self.posted, Problem) else self.posted.get(name)
        return found if isinstance(found, str) else ""

    @property
    def result(self) -> Result:
        """What the poster hears."""
        match self.outcome:
            case Appended.CONFLICT:
                return refused(self.id, ResultKind.CONFLICT, Problem(ID_CONFLICT, "/id"))
            case Appended() as appended:
                return succeeded(self.id, ResultKind(appended), self.set_aside)
            case Problem() as problem:
                return refused(self.id, ResultKind.REJECTED, problem)
            case None:
                raise AssertionError("an event was left without an outcome")
