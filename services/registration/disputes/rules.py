"""Disputes: each resolved once; taking the resolution back opens it again."""

from collections.abc import Iterator
from datetime import date

from pydantic import BaseModel, ConfigDict

from services.events.codes import DisputeOutcome
from services.events.disputes import DISPUTES, DisputeResolved
from services.events.envelope import Event
from services.platform.problems import ProblemKind
from services.registration.subjects.actor import COORDINATORS, Role
from services.registration.subjects.owners import OfEvent, Owner
from services.registration.subjects.problems import Refusal
from services.registration.subjects.subject import NEVER, Accepts, Decided

RESOLVED_ALREADY = ProblemKind(
    "dispute_resolved_already",
    409,
    "Phản ánh này đã được giải quyết. Muốn sửa, hãy hủy lần giải quyết trước.",
    "This dispute was resolved. To change that, void the resolution first.",
)


class Resolved(BaseModel):
    """A dispute that is closed; an open one is reporting's to list and has no row."""

    model_config = ConfigDict(frozen=True)

    outcome: DisputeOutcome
    resolved_on: date


def must_be_open(resolved: Resolved | None, _: DisputeResolved) -> None:
    """Whether the event was disputed is notify's to know, and judged where reports are made."""
    if resolved is not None:
        raise Refusal(RESOLVED_ALREADY, "/data/event_id")


def of_what_was_disputed(event: DisputeResolved) -> Iterator[Owner]:
    """The event that the citizen spoke of."""
    yield OfEvent(event.data.event_id, "/data/event_id")


def evolve(resolved: Resolved | None, event: Event) -> Resolved | None:
    """What an event makes of a dispute."""
    match event:
        case DisputeResolved(data=resolution):
            return Resolved(outcome=resolution.outcome, resolved_on=event.day)
        case _:
            return resolved


DISPUTE = Decided[Resolved](
    kind=DISPUTES,
    state=Resolved,
    evolve=evolve,
    belongs=of_what_was_disputed,
    ends_on=NEVER,
    accepts={DisputeResolved: Accepts(by=COORDINATORS | {Role.CENTRE}, check=must_be_open)},
)
