"""Decided events of one upload: side by side, and yet as if one after the other."""

from datetime import timedelta

from services.events.neighbourhoods import NeighbourhoodRegistered
from services.events.teams import TeamDisbanded, TeamFormed, TeamMemberJoined
from tests.builders import SATURDAY, posted
from tests.event_data import Json
from tests.registration.intake.desk import COORDINATOR, Desk, kinds

AN_HOUR = timedelta(hours=1)


def a_team(number: int, neighbourhood: str | None = None) -> Json:
    return posted(
        TeamFormed,
        subject=f"team-{number}",
        neighbourhood_id=neighbourhood,
        organisation_id=None,
    )


async def test_what_refers_to_something_of_the_same_upload_finds_it() -> None:
    desk = Desk()
    neighbourhood = posted(NeighbourhoodRegistered, subject="khu-pho-1")

    results = await desk.post(a_team(1, "khu-pho-1"), neighbourhood, by=COORDINATOR)

    assert kinds(results) == ["accepted", "accepted"]


async def test_what_refers_to_nothing_stays_refused_and_holds_nobody_up() -> None:
    desk = Desk()

    results = await desk.post(a_team(1, "khu-pho-9"), a_team(2), by=COORDINATOR)

    assert kinds(results) == ["not_yet_known", "accepted"]


async def test_events_of_one_subject_are_judged_in_the_order_posted() -> None:
    desk = Desk()
    joined = posted(TeamMemberJoined, subject="team-1", at=SATURDAY + AN_HOUR)
    late = posted(TeamMemberJoined, subject="team-1", at=SATURDAY + 3 * AN_HOUR)
    disbanded = posted(TeamDisbanded, subject="team-1", at=SATURDAY + 2 * AN_HOUR)

    results = await desk.post(a_team(1), joined, disbanded, late, a_team(2), by=COORDINATOR)

    assert kinds(results) == ["accepted", "accepted", "accepted", "team_disbanded", "accepted"]


async def test_one_that_waits_for_its_ground_keeps_its_place_before_its_followers() -> None:
    desk = Desk()
    joined = posted(TeamMemberJoined, subject="team-1", at=SATURDAY + AN_HOUR)
    neighbourhood = posted(NeighbourhoodRegistered, subject="khu-pho-1")

    results = await desk.post(a_team(1, "khu-pho-1"), joined, neighbourhood, by=COORDINATOR)

    assert kinds(results) == ["accepted", "accepted", "accepted"]
