"""What new teams and points may belong to, once organisations and neighbourhoods end."""

from datetime import datetime, timedelta

import orjson
import pytest

from services.events.envelope import Event
from services.events.households import HouseholdVisited
from services.events.neighbourhoods import NeighbourhoodDissolved, NeighbourhoodRegistered
from services.events.organisations import OrganisationRegistered
from services.events.service_points import ServicePointOpened
from services.events.teams import TeamFormed, TeamMemberJoined
from tests.builders import SATURDAY, event, posted, void
from tests.registration.intake.desk import COORDINATOR, Desk, kinds

A_DAY = timedelta(days=1)
BEFORE = SATURDAY - 9 * A_DAY
LAST_DAY = SATURDAY - 2 * A_DAY
ENDED = event(
    NeighbourhoodDissolved,
    subject="khu-pho-1",
    at=LAST_DAY,
    valid_to=LAST_DAY.date().isoformat(),
)


async def a_ward_whose_units_have_ended() -> Desk:
    """Khu phố 1 and its office, both until the Thursday before the campaign."""
    desk = Desk()
    abolished = LAST_DAY.date().isoformat()
    results = await desk.post(
        posted(NeighbourhoodRegistered, subject="khu-pho-1", at=BEFORE),
        posted(OrganisationRegistered, subject="ubnd-1", at=BEFORE, valid_to=abolished),
        ENDED,
        by=COORDINATOR,
    )
    assert kinds(results) == ["accepted"] * 3
    return desk


@pytest.mark.parametrize("new", [TeamFormed, ServicePointOpened])
@pytest.mark.parametrize(
    ("field", "ended"), [("neighbourhood_id", "khu-pho-1"), ("organisation_id", "ubnd-1")]
)
async def test_nothing_new_belongs_to_what_has_ended(
    new: type[Event], field: str, ended: str
) -> None:
    desk = await a_ward_whose_units_have_ended()
    body = posted(new)

    [result] = await desk.post({**body, "data": {**body["data"], field: ended}}, by=COORDINATOR)

    assert (result.code, result.pointer) == ("no_longer_stands", f"/data/{field}")
    assert not result.retryable


@pytest.mark.parametrize("new", [TeamFormed, ServicePointOpened])
@pytest.mark.parametrize("formed_at", [BEFORE, LAST_DAY])
async def test_what_began_before_the_end_may_be_recorded_after_it(
    new: type[Event], formed_at: datetime
) -> None:
    desk = await a_ward_whose_units_have_ended()
    began = posted(new, at=formed_at, neighbourhood_id="khu-pho-1", organisation_id="ubnd-1")

    results = await desk.post(began, by=COORDINATOR)

    assert kinds(results) == ["accepted"]


async def test_team_lives_on_after_the_end_of_what_it_belongs_to() -> None:
    desk = await a_ward_whose_units_have_ended()
    formed = posted(TeamFormed, subject="team-1", at=BEFORE, neighbourhood_id="khu-pho-1")

    results = await desk.post(
        formed, posted(TeamMemberJoined, subject="team-1", at=SATURDAY), by=COORDINATOR
    )

    assert kinds(results) == ["accepted", "accepted"]


async def test_voided_dissolution_lets_the_neighbourhood_have_new_teams_again() -> None:
    desk = await a_ward_whose_units_have_ended()
    formed = posted(TeamFormed, neighbourhood_id="khu-pho-1")

    voided = await desk.post(void(ENDED), by=COORDINATOR)
    results = await desk.post(formed, by=COORDINATOR)

    assert kinds(voided) == ["accepted"]
    assert kinds(results) == ["accepted"]


async def test_visit_in_a_neighbourhood_that_has_ended_is_accepted_as_it_was_seen() -> None:
    desk = await a_ward_whose_units_have_ended()

    results = await desk.post(posted(HouseholdVisited, neighbourhood_id="khu-pho-1"))

    assert kinds(results) == ["accepted"]


async def test_dry_run_refuses_a_team_below_an_abolished_organisation_too() -> None:
    desk = await a_ward_whose_units_have_ended()
    formed = orjson.dumps([posted(TeamFormed, organisation_id="ubnd-1")])

    [result] = await desk.send(formed, COORDINATOR, dry=True)

    assert result.code == "no_longer_stands"
