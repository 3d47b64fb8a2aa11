"""Teams: who goes from door to door, where, and until when."""

from typing import Annotated, Literal

from pydantic import FailFast, Field

from services.events.codes import MemberKind, MemberRole, Programme, TeamKind
from services.events.declarations import OF_THE_TEAM, Kind
from services.events.envelope import Data, Day, Event, Id, MemberId, Text

TEAMS = Kind("team", plural="teams")


class NewTeam(Data):
    """A team as the decision that set it up describes it."""

    kind: TeamKind
    name: Text
    organisation_id: Id | None = None
    neighbourhood_id: Id | None = None
    head_member_id: MemberId | None = None
    programme: Programme = Programme.BDHVS
    decision_no: Text | None = None
    supporting_organisation_ids: Annotated[tuple[Id, ...], FailFast(), Field(max_length=20)] = ()
    activity_id: Id | None = None
    """Where it was launched."""


class TeamFormed(Event):
    """A team was set up; `subject` is its id."""

    scope = OF_THE_TEAM
    type: Literal["team.formed.v1"] = "team.formed.v1"
    data: NewTeam


class Deployment(Data):
    """Places and days on which a team may record; both days included."""

    from_day: Day
    to_day: Day | None = None
    places: Annotated[tuple[Id, ...], FailFast(), Field(max_length=200)] = ()
    """Neighbourhoods and service points; none means the team's whole ward."""


class TeamDeployed(Event):
    """A team was sent to places for a time."""

    scope = OF_THE_TEAM
    type: Literal["team.deployed.v1"] = "team.deployed.v1"
    data: Deployment


class NoDetails(Data):
    """An event that says all by its type."""


class TeamDisbanded(Event):
    """A team ended; what it did stays."""

    scope = OF_THE_TEAM
    type: Literal["team.disbanded.v1"] = "team.disbanded.v1"
    data: NoDetails = NoDetails()


class Membership(Data):
    """One person in one team, known by an id alone."""

    member_id: MemberId
    kind: MemberKind
    role: MemberRole = MemberRole.MEMBER


class TeamMemberJoined(Event):
    """A member came."""

    scope = OF_THE_TEAM
    type: Literal["team.member_joined.v1"] = "team.member_joined.v1"
    data: Membership


class Departure(Data):
    """A member by id."""

    member_id: MemberId


class TeamMemberLeft(Event):
    """A member went."""

    scope = OF_THE_TEAM
    type: Literal["team.member_left.v1"] = "team.member_left.v1"
    data: Departure
