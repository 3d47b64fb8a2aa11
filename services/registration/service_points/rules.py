"""Service points open and close, and may open again; the main ones stay after a launch day."""

from collections.abc import Iterator
from datetime import date

from services.events.codes import ServicePointKind
from services.events.envelope import Event
from services.events.neighbourhoods import NEIGHBOURHOODS
from services.events.organisations import ORGANISATIONS
from services.events.service_points import SERVICE_POINTS, ServicePointClosed, ServicePointOpened
from services.platform.problems import ProblemKind
from services.registration.subjects.actor import STAFF
from services.registration.subjects.belonging import Local, must_be_known
from services.registration.subjects.owners import its_own_ward
from services.registration.subjects.problems import Refusal
from services.registration.subjects.subject import Accepts, Choice, Decided, Reference

POINT_OPEN_ALREADY = ProblemKind(
    "service_point_open_already",
    409,
    "Điểm hỗ trợ này đang mở.",
    "This service point is open already.",
)
POINT_CLOSED_ALREADY = ProblemKind(
    "service_point_closed_already",
    409,
    "Điểm hỗ trợ này đã đóng.",
    "This service point is closed already.",
)


class ServicePoint(Local):
    """A point as last opened; `closed_on` is empty while it is open."""

    kind: ServicePointKind
    name: str
    main: bool = False
    place: str | None = None
    neighbourhood_id: str | None = None
    organisation_id: str | None = None
    activity_id: str | None = None
    model_id: str | None = None
    replicated_from: str | None = None
    opened_on: date
    closed_on: date | None = None


class ServicePointChoice(Choice):
    """A point that is open."""

    kind: ServicePointKind
    main: bool
    place: str | None
    neighbourhood_id: str | None
    closed_on: date | None


def may_open(point: ServicePoint | None, _: ServicePointOpened) -> None:
    """New, or closed before."""
    if point is not None and point.closed_on is None:
        raise Refusal(POINT_OPEN_ALREADY, "/subject")


def may_close(point: ServicePoint | None, event: ServicePointClosed) -> None:
    """An open one."""
    must_be_known(point, event)
    if point is not None and point.closed_on is not None:
        raise Refusal(POINT_CLOSED_ALREADY, "/subject")


def behind_the_point(event: ServicePointOpened) -> Iterator[Reference]:
    """A neighbourhood and an organisation that have not ended, and the point it repeats."""
    if neighbourhood := event.data.neighbourhood_id:
        yield Reference((NEIGHBOURHOODS,), neighbourhood, "/data/neighbourhood_id", event.day)
    if organisation := event.data.organisation_id:
        yield Reference((ORGANISATIONS,), organisation, "/data/organisation_id", event.day)
    if event.data.replicated_from:
        yield Reference((SERVICE_POINTS,), event.data.replicated_from, "/data/replicated_from")


def evolve(point: ServicePoint | None, event: Event) -> ServicePoint | None:
    """What an event makes of a point."""
    match point, event:
        case None, ServicePointOpened():
            first = event.day
            return ServicePoint(ward=event.ward, since=first, opened_on=first, **dict(event.data))
        case ServicePoint(), ServicePointOpened():
            return point.model_copy(
                update={**dict(event.data), "opened_on": event.day, "closed_on": None}
            )
        case ServicePoint(), ServicePointClosed():
            return point.model_copy(update={"closed_on": event.day})
        case _:
            return point


SERVICE_POINT = Decided[ServicePoint](
    kind=SERVICE_POINTS,
    state=ServicePoint,
    evolve=evolve,
    belongs=its_own_ward,
    choice=ServicePointChoice,
    ends_on="closed_on",
    accepts={
        ServicePointOpened: Accepts(by=STAFF, check=may_open, refers=behind_the_point),
        ServicePointClosed: Accepts(by=STAFF, check=may_close),
    },
)
