"""A citizen was helped: the event the whole movement counts."""

from typing import Annotated, Literal

from pydantic import FailFast, Field

from services.events.codes import (
    AgeBand,
    Before,
    Channel,
    Device,
    Group,
    MemberKind,
    NotDoneReason,
    Outcome,
    Service,
)
from services.events.declarations import Scope, first_of
from services.events.envelope import A_NUMBER, CitizenId, Data, Event, HouseholdId, Id, MemberId


class ServiceGiven(Data):
    """One line of a visit."""

    service: Service
    before: Before
    outcome: Outcome
    reason: NotDoneReason | None = None


class Assistance(Data):
    """A visit of service; without `citizen_id` it counts as a visit, never as a person."""

    citizen_id: CitizenId | None = None
    household_id: HouseholdId | None = None
    services: Annotated[tuple[ServiceGiven, ...], FailFast(), Field(min_length=1, max_length=20)]
    channel: Channel
    device: Device
    groups: Annotated[tuple[Group, ...], FailFast(), Field(max_length=12)] = ()
    age_band: AgeBand | None = None
    team_id: Id
    member_id: MemberId | None = None
    member_kind: MemberKind | None = None
    """What the helper was at that moment: police alone activate VNeID level 2."""
    neighbourhood_id: Id | None = None
    service_point_id: Id | None = None
    business_id: Id | None = None
    request_id: Id | None = None
    duration_s: Annotated[int, Field(ge=0, le=86_400), A_NUMBER] | None = None


class CitizenAssisted(Event):
    """A team helped one citizen with one or more services."""

    about = first_of("household_id", "citizen_id")
    scope = Scope(
        team="team_id", neighbourhood="neighbourhood_id", service_point="service_point_id"
    )
    type: Literal["citizen.assisted.v1"] = "citizen.assisted.v1"
    data: Assistance
