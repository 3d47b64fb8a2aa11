"""Organisations: who stands behind teams and points; abolished ones stay readable."""

from collections.abc import Iterator
from datetime import date

from services.events.codes import OrganisationKind
from services.events.envelope import Event
from services.events.organisations import ORGANISATIONS, OrganisationRegistered
from services.platform.problems import ProblemKind
from services.registration.subjects.actor import STAFF
from services.registration.subjects.belonging import Local, must_run_forward
from services.registration.subjects.owners import its_own_ward
from services.registration.subjects.problems import Refusal
from services.registration.subjects.subject import Accepts, Decided, Reference

OWN_PARENT = ProblemKind(
    "own_parent",
    422,
    "Tổ chức không thể là cấp trên của chính mình.",
    "An organisation cannot be its own parent.",
)


class Organisation(Local):
    """An organisation by its newest registration; both days of its validity are included."""

    kind: OrganisationKind
    name: str
    parent_id: str | None = None
    valid_from: date | None = None
    valid_to: date | None = None


def may_register(_: Organisation | None, event: OrganisationRegistered) -> None:
    """New, or with newer facts, its end among them."""
    must_run_forward(event.data.valid_from, event.data.valid_to, "/data/valid_to")
    if event.data.parent_id == event.subject:
        raise Refusal(OWN_PARENT, "/data/parent_id")


def parent(event: OrganisationRegistered) -> Iterator[Reference]:
    """The one above."""
    if event.data.parent_id:
        yield Reference((ORGANISATIONS,), event.data.parent_id, "/data/parent_id")


def evolve(known: Organisation | None, event: Event) -> Organisation | None:
    """What an event makes of an organisation."""
    match known, event:
        case None, OrganisationRegistered():
            return Organisation(ward=event.ward, since=event.day, **dict(event.data))
        case Organisation(), OrganisationRegistered():
            return known.model_copy(update=event.data.model_dump(exclude_defaults=True))
        case _:
            return known


ORGANISATION = Decided[Organisation](
    kind=ORGANISATIONS,
    state=Organisation,
    evolve=evolve,
    belongs=its_own_ward,
    ends_on="valid_to",
    accepts={OrganisationRegistered: Accepts(by=STAFF, check=may_register, refers=parent)},
)
