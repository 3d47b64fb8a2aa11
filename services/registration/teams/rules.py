"""Teams: four kinds that are never merged; one that was disbanded takes nobody any more."""

from collections.abc import Iterator
from datetime import date

from pydantic import BaseModel, ConfigDict

from services.events.activities import ACTIVITIES
from services.events.codes import MemberKind, MemberRole, Programme, TeamKind
from services.events.envelope import Event
from services.events.neighbourhoods import NEIGHBOURHOODS
from services.events.organisations import ORGANISATIONS
from services.events.service_points import SERVICE_POINTS
from services.events.teams import (
    TEAMS,
    TeamDeployed,
    TeamDisbanded,
    TeamFormed,
    TeamMemberJoined,
    TeamMemberLeft,
)
from services.platform.problems import ProblemKind
from services.registration.subjects.actor import STAFF, VOLUNTEERS
from services.registration.subjects.belonging import Local, must_be_known, must_run_forward
from services.registration.subjects.owners import OfRow, Owner
from services.registration.subjects.problems import NOT_YET_KNOWN, Refusal
from services.registration.subjects.subject import Accepts, Choice, Decided, Reference

TEAM_ALREADY_FORMED = ProblemKind(
    "team_already_formed",
    409,
    "Mã tổ này đã dùng. Tổ mới cần mã mới, kể cả khi tổ cũ đã giải thể.",
    "A team of this id was formed before. A new team needs a new id.",
)
TEAM_DISBANDED = ProblemKind(
    "team_disbanded",
    409,
    "Tổ đã giải thể, không thể thay đổi nữa.",
    "The team was disbanded; nothing about it changes any more.",
)
ALREADY_A_MEMBER = ProblemKind(
    "already_a_member",
    409,
    "Người này đã ở trong tổ. Muốn đổi vai trò, hãy ghi rời tổ rồi vào lại.",
    "This member is in the team. To change the part, record leaving and joining again.",
)


PLACES = (NEIGHBOURHOODS, SERVICE_POINTS)


class Member(BaseModel):
    """One person, known by an id alone."""

    model_config = ConfigDict(frozen=True)

    member_id: str
    kind: MemberKind
    role: MemberRole
    joined_on: date


class Stay(BaseModel):
    """Places and days of one deployment; no places: the team's whole ward."""

    model_config = ConfigDict(frozen=True)

    from_day: date
    to_day: date | None
    places: tuple[str, ...]


class Team(Local):
    """A team as its history left it; `members` are those who have not left."""

    kind: TeamKind
    name: str
    organisation_id: str | None = None
    neighbourhood_id: str | None = None
    head_member_id: str | None = None
    programme: Programme
    decision_no: str | None = None
    supporting_organisation_ids: tuple[str, ...] = ()
    activity_id: str | None = None
    members: tuple[Member, ...] = ()
    deployments: tuple[Stay, ...] = ()
    disbanded_on: date | None = None

    def has(self, member_id: str) -> bool:
        """Whether somebody is in the team now."""
        return any(member.member_id == member_id for member in self.members)


class MemberChoice(BaseModel):
    """A member of a team, known by an id alone."""

    member_id: str
    kind: MemberKind
    role: MemberRole


class StayChoice(BaseModel):
    """Places and days of one deployment."""

    from_day: date
    to_day: date | None
    places: list[str]


class TeamChoice(Choice):
    """A team that was not disbanded."""

    kind: TeamKind
    neighbourhood_id: str | None
    members: list[MemberChoice]
    deployments: list[StayChoice]
    disbanded_on: date | None


def must_be_new(team: Team | None, _: TeamFormed) -> None:
    """An id is a team's for ever."""
    if team is not None:
        raise Refusal(TEAM_ALREADY_FORMED, "/subject")


def must_be_active(team: Team | None, event: Event) -> Team:
    """Formed, and not disbanded."""
    must_be_known(team, event)
    if team is None or team.disbanded_on:
        raise Refusal(TEAM_DISBANDED, "/subject")
    return team


def may_deploy(team: Team | None, event: TeamDeployed) -> None:
    """An active team, to days that run forward."""
    must_be_active(team, event)
    must_run_forward(event.data.from_day, event.data.to_day, "/data/to_day")


def may_disband(team: Team | None, event: TeamDisbanded) -> None:
    """Once."""
    must_be_active(team, event)


def may_join(team: Team | None, event: TeamMemberJoined) -> None:
    """An active team takes a member once."""
    if must_be_active(team, event).has(event.data.member_id):
        raise Refusal(ALREADY_A_MEMBER, "/data/member_id")


def may_leave(team: Team | None, event: TeamMemberLeft) -> None:
    """Who joined; a joining that is still under way makes it worth another try."""
    if not must_be_active(team, event).has(event.data.member_id):
        raise Refusal(NOT_YET_KNOWN, "/data/member_id")


def behind_the_team(event: TeamFormed) -> Iterator[Reference]:
    """They have not ended when it is formed; a team outlives its neighbourhood's dissolution."""
    if neighbourhood := event.data.neighbourhood_id:
        yield Reference((NEIGHBOURHOODS,), neighbourhood, "/data/neighbourhood_id", event.day)
    if organisation := event.data.organisation_id:
        yield Reference((ORGANISATIONS,), organisation, "/data/organisation_id", event.day)
    for n, helping in enumerate(event.data.supporting_organisation_ids):
        pointer = f"/data/supporting_organisation_ids/{n}"
        yield Reference((ORGANISATIONS,), helping, pointer, event.day)
    if activity := event.data.activity_id:
        yield Reference((ACTIVITIES,), activity, "/data/activity_id")


def places(event: TeamDeployed) -> Iterator[Reference]:
    """Neighbourhoods and service points."""
    for n, place in enumerate(event.data.places):
        yield Reference(PLACES, place, f"/data/places/{n}")


def own_places(event: Event) -> Iterator[Owner]:
    """A ward sends its teams nowhere else: where a team is sent its phones may record and read."""
    if isinstance(event, TeamDeployed):
        for n, place in enumerate(event.data.places):
            yield OfRow(PLACES, place, f"/data/places/{n}", city_crosses=True)


def evolve(team: Team | None, event: Event) -> Team | None:
    """What an event makes of a team."""
    match team, event:
        case None, TeamFormed():
            return Team(ward=event.ward, since=event.day, **dict(event.data))
        case Team(), TeamDeployed():
            stay = Stay(**dict(event.data))
            return team.model_copy(update={"deployments": (*team.deployments, stay)})
        case Team(), TeamMemberJoined():
            member = Member(joined_on=event.day, **dict(event.data))
            return team.model_copy(update={"members": (*team.members, member)})
        case Team(), TeamMemberLeft():
            gone = event.data.member_id
            rest = tuple(member for member in team.members if member.member_id != gone)
            return team.model_copy(update={"members": rest})
        case Team(), TeamDisbanded():
            return team.model_copy(update={"disbanded_on": event.day})
        case _:
            return team


TEAM = Decided[Team](
    kind=TEAMS,
    state=Team,
    evolve=evolve,
    belongs=own_places,
    choice=TeamChoice,
    ends_on="disbanded_on",
    accepts={
        TeamFormed: Accepts(by=STAFF, check=must_be_new, refers=behind_the_team),
        TeamDeployed: Accepts(by=STAFF, check=may_deploy, refers=places),
        TeamDisbanded: Accepts(by=STAFF, check=may_disband),
        TeamMemberJoined: Accepts(by=STAFF | VOLUNTEERS, check=may_join),
        TeamMemberLeft: Accepts(by=STAFF | VOLUNTEERS, check=may_leave),
    },
)
