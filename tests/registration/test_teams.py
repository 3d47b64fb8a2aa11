"""The life of a team."""

from datetime import date, timedelta

import pytest

from services.events.codes import MemberRole, TeamKind
from services.events.neighbourhoods import NEIGHBOURHOODS
from services.events.organisations import ORGANISATIONS
from services.events.service_points import SERVICE_POINTS, ServicePointClosed, ServicePointOpened
from services.events.teams import (
    TeamDeployed,
    TeamDisbanded,
    TeamFormed,
    TeamMemberJoined,
    TeamMemberLeft,
)
from services.platform.problems import PERIOD_REVERSED
from services.registration.service_points.rules import SERVICE_POINT
from services.registration.subjects.belonging import OTHER_WARD
from services.registration.subjects.deciding import decide
from services.registration.subjects.problems import LATER_EVENTS_FORBID, NOT_YET_KNOWN, NOT_YET_THEN
from services.registration.subjects.subject import Reference
from services.registration.teams.rules import (
    ALREADY_A_MEMBER,
    TEAM,
    TEAM_ALREADY_FORMED,
    TEAM_DISBANDED,
    behind_the_team,
    places,
)
from tests.builders import HOA_HUNG, SATURDAY, event, void
from tests.registration.deciding import after, refused

LATER = SATURDAY + timedelta(hours=1)
LATER_STILL = SATURDAY + timedelta(hours=2)


@pytest.mark.parametrize("kind", TeamKind)
def test_a_team_keeps_the_kind_it_was_formed_as(kind: TeamKind) -> None:
    team = after(
        TEAM,
        event(TeamFormed, kind=kind),
        event(TeamMemberJoined, at=LATER),
        event(TeamDisbanded, at=LATER_STILL),
    )

    assert team.kind is kind


def test_a_member_who_joined_is_in_the_team_until_leaving() -> None:
    formed = event(TeamFormed)
    joined = event(TeamMemberJoined, member_id="tnv-7", role="head", at=LATER)
    left = event(TeamMemberLeft, member_id="tnv-7", at=LATER_STILL)

    [head] = after(TEAM, formed, joined).members

    assert (head.member_id, head.role, head.joined_on) == (
        "tnv-7",
        MemberRole.HEAD,
        date(2025, 10, 11),
    )
    assert after(TEAM, formed, joined, left).members == ()


def test_a_disbanded_team_takes_no_members() -> None:
    formed, disbanded = event(TeamFormed), event(TeamDisbanded, at=LATER)

    joining = event(TeamMemberJoined, at=LATER_STILL)

    assert refused(TEAM, formed, disbanded, joining) is TEAM_DISBANDED


def test_a_team_is_disbanded_once() -> None:
    formed, disbanded = event(TeamFormed), event(TeamDisbanded, at=LATER)

    assert refused(TEAM, formed, disbanded, event(TeamDisbanded, at=LATER_STILL)) is TEAM_DISBANDED


@pytest.mark.parametrize("ended", [True, False])
def test_the_id_of_a_team_is_never_given_again(ended: bool) -> None:
    before = [event(TeamFormed)] + ([event(TeamDisbanded, at=LATER)] if ended else [])

    assert refused(TEAM, *before, event(TeamFormed, at=LATER_STILL)) is TEAM_ALREADY_FORMED


def test_somebody_joins_a_team_once() -> None:
    formed, joined = event(TeamFormed), event(TeamMemberJoined, at=LATER)

    again = event(TeamMemberJoined, at=LATER_STILL)

    assert refused(TEAM, formed, joined, again) is ALREADY_A_MEMBER


def test_leaving_waits_for_a_joining_that_is_still_on_its_way() -> None:
    formed = event(TeamFormed)
    joined, left = event(TeamMemberJoined, at=LATER), event(TeamMemberLeft, at=LATER_STILL)

    assert refused(TEAM, formed, left) is NOT_YET_KNOWN
    assert after(TEAM, formed, joined, left).members == ()


def test_joining_a_team_nobody_knows_yet_may_be_tried_again() -> None:
    assert refused(TEAM, event(TeamMemberJoined)) is NOT_YET_KNOWN
    assert NOT_YET_KNOWN.retryable


def test_what_lies_before_a_known_team_is_not_worth_trying_again() -> None:
    formed, early = event(TeamFormed, at=LATER), event(TeamMemberJoined)

    assert refused(TEAM, formed, early) is NOT_YET_THEN
    assert not NOT_YET_THEN.retryable


def test_a_member_who_joined_before_the_end_may_be_recorded_after_it() -> None:
    formed, disbanded = event(TeamFormed), event(TeamDisbanded, at=LATER_STILL)

    team = after(TEAM, formed, disbanded, event(TeamMemberJoined, at=LATER))

    assert [member.member_id for member in team.members] == ["tnv-1"]
    assert team.disbanded_on == date(2025, 10, 11)


def test_a_late_disbanding_may_not_take_the_ground_from_who_joined_since() -> None:
    formed, joined = event(TeamFormed), event(TeamMemberJoined, at=LATER_STILL)

    assert refused(TEAM, formed, joined, event(TeamDisbanded, at=LATER)) is LATER_EVENTS_FORBID


def test_a_voided_disbanding_leaves_the_team_active() -> None:
    formed, disbanded = event(TeamFormed), event(TeamDisbanded, at=LATER)

    team = after(TEAM, formed, disbanded, void(disbanded), event(TeamMemberJoined, at=LATER_STILL))

    assert team.disbanded_on is None
    assert len(team.members) == 1


def test_a_team_is_deployed_to_places_for_days_that_run_forward() -> None:
    formed = event(TeamFormed)
    weekend = event(TeamDeployed, at=LATER, to_day="2025-10-12", places=["point-1"])

    [stay] = after(TEAM, formed, weekend).deployments

    assert (stay.from_day, stay.to_day) == (date(2025, 10, 11), date(2025, 10, 12))
    assert stay.places == ("point-1",)
    backwards = event(TeamDeployed, at=LATER, from_day="2025-10-12", to_day="2025-10-11")
    assert refused(TEAM, formed, backwards) is PERIOD_REVERSED


def test_no_ward_changes_another_wards_team() -> None:
    formed = event(TeamFormed)

    assert refused(TEAM, formed, event(TeamDisbanded, ward=HOA_HUNG, at=LATER)) is OTHER_WARD


def test_a_team_of_an_old_ward_is_looked_after_by_the_ward_that_took_it_in() -> None:
    in_nguyen_cu_trinh = event(TeamFormed, ward="26758", at=SATURDAY - timedelta(days=200))

    team = after(TEAM, in_nguyen_cu_trinh, event(TeamDisbanded, ward="26758"))

    assert (team.ward, team.since) == ("26758", date(2025, 3, 25))
    assert team.disbanded_on


def test_a_team_is_not_confused_with_something_else_of_the_same_id() -> None:
    point, formed = event(ServicePointOpened, subject="team-1"), event(TeamFormed, at=LATER)

    team = decide(TEAM, [point], formed)

    assert team is not None
    assert team.name == formed.data.name
    assert decide(SERVICE_POINT, [formed, point], event(ServicePointClosed, subject="team-1"))


def test_a_new_team_names_a_neighbourhood_and_an_organisation_that_stand_on_its_day() -> None:
    formed = event(TeamFormed, neighbourhood_id="neighbourhood-1", organisation_id="ubnd-1")
    day = date(2025, 10, 11)

    assert set(behind_the_team(formed)) == {
        Reference((NEIGHBOURHOODS,), "neighbourhood-1", "/data/neighbourhood_id", day),
        Reference((ORGANISATIONS,), "ubnd-1", "/data/organisation_id", day),
    }
    assert list(behind_the_team(event(TeamFormed))) == []


def test_a_team_is_deployed_to_neighbourhoods_or_service_points_that_exist() -> None:
    [place] = places(event(TeamDeployed, places=["point-1"]))

    assert place == Reference((NEIGHBOURHOODS, SERVICE_POINTS), "point-1", "/data/places/0")
