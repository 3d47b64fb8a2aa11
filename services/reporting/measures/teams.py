"""Teams, their members, and what each team recorded. Four kinds, never added up."""

from collections.abc import Iterator, Sequence

from services.events.assistance import CitizenAssisted
from services.events.codes import Code, MemberKind, TeamKind
from services.events.envelope import Event
from services.events.households import HouseholdVisited
from services.events.teams import (
    TeamDeployed,
    TeamDisbanded,
    TeamFormed,
    TeamMemberJoined,
    TeamMemberLeft,
)
from services.reporting.definitions.label import Label
from services.reporting.definitions.labels import NEIGHBOURHOOD, TEAM
from services.reporting.definitions.measure import Codes, Fact, Life, count
from services.reporting.measures.stock import Standing, of_subject, stock


class Work(Code):
    """What a team recorded."""

    VISITS = "visits", "Lượt hỗ trợ", "Visits of service"
    DOORS = "doors", "Lượt gõ cửa", "Doors"


TEAM_KIND = Label("team_kind", TeamKind, adds_up=False)
MEMBER_KIND = Label("member_kind", MemberKind)
WORK_KIND = Label("work_kind", Work)
LIFE: tuple[type[Event], ...] = (TeamFormed, TeamDisbanded)
ROSTER: tuple[type[Event], ...] = (*LIFE, TeamMemberJoined, TeamMemberLeft)
DEPLOYMENT: tuple[type[Event], ...] = (*LIFE, TeamDeployed)
TEAM_LIFE = Life("team", (*ROSTER, TeamDeployed), of_subject)


def _formed(history: Sequence[Fact]) -> TeamFormed | None:
    """The team while it stands."""
    team: TeamFormed | None = None
    for fact in history:
        if isinstance(fact.event, TeamFormed):
            team = fact.event
        elif isinstance(fact.event, TeamDisbanded):
            team = None
    return team


def _standing(history: Sequence[Fact]) -> Standing:
    team = _formed(history)
    return Standing({(team.data.kind, team.data.neighbourhood_id or ""): 1} if team else {})


def _members(history: Sequence[Fact]) -> Standing:
    team = _formed(history)
    kinds: dict[str, str] = {}
    for fact in history:
        if isinstance(fact.event, TeamMemberJoined):
            kinds[fact.event.data.member_id] = fact.event.data.kind
        elif isinstance(fact.event, TeamMemberLeft):
            kinds.pop(fact.event.data.member_id, None)
    return Standing((team.data.kind, kind) for kind in kinds.values()) if team else Standing()


def _deployed(history: Sequence[Fact]) -> Standing:
    team = _formed(history)
    sent = any(isinstance(fact.event, TeamDeployed) for fact in history)
    return Standing({(team.data.kind,): 1} if team and sent else {})


def _work(event: Event) -> Iterator[Codes]:
    if isinstance(event, CitizenAssisted | HouseholdVisited):
        yield event.data.team_id, Work.VISITS if isinstance(event, CitizenAssisted) else Work.DOORS


TEAMS = stock("teams", (TEAM_KIND, NEIGHBOURHOOD), LIFE, TEAM_LIFE, _standing)
TEAM_MEMBERS = stock("team_members", (TEAM_KIND, MEMBER_KIND), ROSTER, TEAM_LIFE, _members)
"""Seats: who is a member of two teams has two."""
TEAMS_DEPLOYED = stock("teams_deployed", (TEAM_KIND,), DEPLOYMENT, TEAM_LIFE, _deployed)
TEAM_WORK = count("team_work", (TEAM, WORK_KIND), (CitizenAssisted, HouseholdVisited), _work)
"""A team was active in a period in which it has any."""
