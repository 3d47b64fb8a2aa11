"""Neighbourhoods come and go."""

from datetime import date, timedelta

from services.events.neighbourhoods import NeighbourhoodDissolved, NeighbourhoodRegistered
from services.events.teams import TeamFormed, TeamMemberJoined
from services.platform.problems import PERIOD_REVERSED
from services.registration.neighbourhoods.rules import (
    NEIGHBOURHOOD,
    NEIGHBOURHOOD_DISSOLVED,
    OWN_PREDECESSOR,
    predecessors,
)
from services.registration.subjects.belonging import OTHER_WARD
from services.registration.subjects.problems import NOT_YET_KNOWN
from services.registration.teams.rules import TEAM
from tests.builders import HOA_HUNG, SATURDAY, event
from tests.registration.deciding import after, refused

LATER = SATURDAY + timedelta(days=1)


def test_registering_again_brings_newer_figures_and_keeps_the_rest() -> None:
    first = event(NeighbourhoodRegistered, households=300, predecessors=["neighbourhood-0"])
    newer = event(NeighbourhoodRegistered, at=LATER, adults=720, as_of="2025-10-12")

    known = after(NEIGHBOURHOOD, first, newer)

    assert (known.households, known.adults, known.as_of) == (300, 720, date(2025, 10, 12))
    assert known.predecessors == ("neighbourhood-0",)


def test_older_figures_that_arrive_late_do_not_replace_newer_ones() -> None:
    newer = event(NeighbourhoodRegistered, at=LATER, households=310)
    older = event(NeighbourhoodRegistered, households=300)

    assert after(NEIGHBOURHOOD, newer, older).households == 310


def test_a_dissolved_neighbourhood_keeps_its_days_and_ends_once() -> None:
    registered = event(NeighbourhoodRegistered)
    dissolved = event(NeighbourhoodDissolved, at=LATER)

    known = after(NEIGHBOURHOOD, registered, dissolved)

    assert (known.valid_from, known.valid_to) == (date(2025, 7, 1), date(2026, 6, 30))
    again = event(NeighbourhoodDissolved, at=LATER)
    assert refused(NEIGHBOURHOOD, registered, dissolved, again) is NEIGHBOURHOOD_DISSOLVED
    revived = event(NeighbourhoodRegistered, at=LATER)
    assert refused(NEIGHBOURHOOD, registered, dissolved, revived) is NEIGHBOURHOOD_DISSOLVED


def test_a_neighbourhood_does_not_end_before_it_began() -> None:
    registered = event(NeighbourhoodRegistered)
    too_early = event(NeighbourhoodDissolved, at=LATER, valid_to="2025-06-30")

    assert refused(NEIGHBOURHOOD, registered, too_early) is PERIOD_REVERSED
    reversed_at_once = event(NeighbourhoodRegistered, valid_to="2025-06-30")
    assert refused(NEIGHBOURHOOD, reversed_at_once) is PERIOD_REVERSED


def test_what_nobody_registered_cannot_be_dissolved_yet() -> None:
    assert refused(NEIGHBOURHOOD, event(NeighbourhoodDissolved)) is NOT_YET_KNOWN


def test_a_neighbourhood_of_another_ward_is_left_alone() -> None:
    registered = event(NeighbourhoodRegistered)
    elsewhere = event(NeighbourhoodDissolved, ward=HOA_HUNG, at=LATER)

    assert refused(NEIGHBOURHOOD, registered, elsewhere) is OTHER_WARD


def test_a_neighbourhood_names_those_it_was_made_from_and_never_itself() -> None:
    merged = event(NeighbourhoodRegistered, subject="ap-9", predecessors=["ap-1", "ap-2"])

    assert [reference.id for reference in predecessors(merged)] == ["ap-1", "ap-2"]
    itself = event(NeighbourhoodRegistered, subject="ap-9", predecessors=["ap-9"])
    assert refused(NEIGHBOURHOOD, itself) is OWN_PREDECESSOR


def test_a_team_lives_on_when_its_neighbourhood_is_dissolved() -> None:
    after(NEIGHBOURHOOD, event(NeighbourhoodRegistered), event(NeighbourhoodDissolved, at=LATER))

    team = after(
        TEAM,
        event(TeamFormed, neighbourhood_id="neighbourhood-1"),
        event(TeamMemberJoined, at=LATER + timedelta(days=300)),
    )

    assert team.neighbourhood_id == "neighbourhood-1"
    assert len(team.members) == 1
