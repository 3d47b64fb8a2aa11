"""Service points: where citizens come to be helped."""

from typing import Literal

from services.events.codes import ServicePointKind
from services.events.declarations import BY_WARD, Kind, Scope
from services.events.envelope import Data, Event, Id, Text, YesNo
from services.events.teams import NoDetails

SERVICE_POINTS = Kind("service_point", plural="service_points")


class NewServicePoint(Data):
    """A place with its kind; `main` marks the points that stay after a launch day."""

    kind: ServicePointKind
    name: Text
    main: YesNo = False
    place: Text | None = None
    neighbourhood_id: Id | None = None
    organisation_id: Id | None = None
    activity_id: Id | None = None
    model_id: Id | None = None
    replicated_from: Id | None = None


class ServicePointOpened(Event):
    """A point opened; `subject` is its id."""

    scope = Scope(neighbourhood="neighbourhood_id")
    type: Literal["service_point.opened.v1"] = "service_point.opened.v1"
    data: NewServicePoint


class ServicePointClosed(Event):
    """A point closed."""

    scope = BY_WARD
    type: Literal["service_point.closed.v1"] = "service_point.closed.v1"
    data: NoDetails = NoDetails()
