"""What looks wrong beside the rest counts, and is shown as doubt until one of it is voided."""

from datetime import timedelta
from typing import Any

import pytest

from services.events.assistance import CitizenAssisted
from services.events.envelope import Event
from services.events.households import HouseholdVisited
from services.events.signatures import SignatureIssued, SignatureRegistered
from tests.builders import HOA_HUNG, PHONE, SATURDAY, event, given, void
from tests.reporting.desk import Desk, Json

PHONE_2: Json = {"source": "/device/phone-2"}
AT_ONCE = timedelta(seconds=0.4)
MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)


def door(after: timedelta = timedelta(), **changes: Any) -> HouseholdVisited:
    """The same door, told by one phone of one team unless a test says otherwise."""
    return event(HouseholdVisited, at=SATURDAY + after, **changes)


def helped(after: timedelta = timedelta(), **changes: Any) -> CitizenAssisted:
    """The same citizen, helped with the same service."""
    return event(CitizenAssisted, at=SATURDAY + after, **{"citizen_id": "citizen-1", **changes})


def signed(after: timedelta = timedelta(), **changes: Any) -> SignatureRegistered:
    """The same signature, asked for."""
    return event(SignatureRegistered, at=SATURDAY + after, subject="signature-1", **changes)


async def doubts(desk: Desk, *told: Event, **asked: Any) -> Json:
    """The figures of data quality that are not nought, but for visits to nobody."""
    await desk.tell(*told)
    figures = await desk.total("data_quality", **asked)
    return {name: n for name, n in figures.items() if n and not name.startswith("nobody_known")}


@pytest.mark.parametrize(
    ("twice", "figure"),
    [
        ((door(), door(AT_ONCE)), "doors_recorded_twice"),
        ((door(), door(AT_ONCE, outcome="absent")), "doors_recorded_twice"),
        ((door(), door(14 * MINUTE, envelope=PHONE_2)), "doors_recorded_twice"),
        ((door(), door(3 * MINUTE, team_id="team-2")), "doors_recorded_twice"),
        ((helped(), helped(AT_ONCE)), "help_recorded_twice"),
        ((helped(), helped(9 * MINUTE, channel="booth", envelope=PHONE_2)), "help_recorded_twice"),
        (
            (
                helped(services=[given("etax"), given("vssid")]),
                helped(MINUTE, services=[given("vssid", outcome="using")]),
            ),
            "help_recorded_twice",
        ),
        (
            (
                helped(citizen_id=None, household_id="household-1"),
                helped(AT_ONCE, citizen_id=None, household_id="household-1"),
            ),
            "help_recorded_twice",
        ),
        ((signed(), signed(AT_ONCE)), "signatures_recorded_twice"),
        (
            (signed(team_id="team-1"), signed(5 * MINUTE, team_id="team-1", envelope=PHONE_2)),
            "signatures_recorded_twice",
        ),
    ],
)
@pytest.mark.parametrize("reversed_", [False, True])
async def test_what_is_told_again_under_another_id_counts_and_is_in_doubt(
    desk: Desk, twice: tuple[Event, Event], figure: str, *, reversed_: bool
) -> None:
    assert await doubts(desk, *(reversed(twice) if reversed_ else twice)) == {figure: 1}

    counted = await desk.total("overview")
    assert counted["visits"] + counted["doors"] == (0 if "signatures" in figure else 2)


@pytest.mark.parametrize(
    "told",
    [
        (door(), door(HOUR)),
        (door(outcome="absent"), door(5 * MINUTE)),
        (door(), door(AT_ONCE, household_id="household-2")),
        (door(), door(AT_ONCE, ward=HOA_HUNG)),
        (helped(), helped(HOUR)),
        (helped(), helped(AT_ONCE, citizen_id="citizen-2")),
        (helped(), helped(AT_ONCE, services=[given("etax")])),
        (helped(citizen_id=None), helped(AT_ONCE, citizen_id=None)),
        (signed(), event(SignatureIssued, at=SATURDAY + MINUTE, subject="signature-1")),
        (signed(team_id="team-1"), signed(MINUTE, envelope={"source": "/integrator/ca-1"})),
        (door(), helped(AT_ONCE)),
    ],
)
async def test_what_may_well_be_two_is_in_no_doubt(desk: Desk, told: tuple[Event, Event]) -> None:
    assert await doubts(desk, *told) == {}


@pytest.mark.parametrize(
    ("told", "figure"),
    [
        ((door(), door(HOUR, team_id="team-2", envelope=PHONE_2)), "doors_of_two_teams"),
        ((door(), door(AT_ONCE, team_id="team-2", envelope=PHONE_2)), "doors_of_two_teams"),
        ((helped(), helped(HOUR, team_id="team-2", envelope=PHONE_2)), "help_of_two_teams"),
        (
            (
                signed(team_id="team-1"),
                signed(HOUR, team_id="team-2", envelope=PHONE_2),
            ),
            "signatures_of_two_teams",
        ),
    ],
)
async def test_two_teams_with_one_household_or_citizen_on_one_day_are_another_doubt(
    desk: Desk, told: tuple[Event, Event], figure: str
) -> None:
    assert await doubts(desk, *told) == {figure: 1}


async def test_each_record_too_many_is_in_doubt_once(desk: Desk) -> None:
    thrice = [door(), door(AT_ONCE), door(2 * AT_ONCE)]

    assert await doubts(desk, *thrice) == {"doors_recorded_twice": 2}
    assert await doubts(desk, *thrice) == {"doors_recorded_twice": 2}


@pytest.mark.parametrize("which", [0, 1])
async def test_doubt_ends_when_one_of_two_is_voided(desk: Desk, which: int) -> None:
    twice = [helped(), helped(AT_ONCE)]

    assert await doubts(desk, void(twice[which]), *twice) == {}


async def test_doubt_is_told_by_team_and_day(desk: Desk) -> None:
    next_day = timedelta(days=1)
    other: Json = {"team_id": "team-2", "envelope": PHONE_2}
    told = [door(), door(AT_ONCE), *(door(next_day + n * AT_ONCE, **other) for n in range(3))]

    await desk.tell(*told)

    of_teams = await desk.report("data_quality", by="team")
    of_days = await desk.report("data_quality", by="day", from_="2025-10-11", to="2025-10-12")
    assert _column(of_teams, "doors_recorded_twice") == [1, 2]
    assert _column(of_days, "doors_recorded_twice") == [1, 2]
    assert await doubts(desk, team="team-2") == {"doors_recorded_twice": 2}


async def test_a_team_filter_leaves_the_doubt_between_two_teams(desk: Desk) -> None:
    told = [door(), door(HOUR, team_id="team-2", envelope=PHONE_2)]
    await desk.tell(*told)

    answered = await desk.report("data_quality", team="team-2")

    figure = next(f for f in answered["figures"] if f["figure"] == "doors_of_two_teams")
    link = answered["total"]["facts"] + figure["opens"]["in_total"]
    assert answered["total"]["figures"]["doors_of_two_teams"] == 1
    assert await desk.opened(link, limit=1) == 1


async def test_help_to_nobody_identified_is_told_beside_all_help(desk: Desk) -> None:
    await desk.tell(helped(), helped(HOUR, citizen_id=None))

    figures = await desk.total("data_quality")

    assert figures["nobody_known"] == 1
    assert figures["nobody_known_share"]["value"] == 50


@pytest.mark.parametrize(("off_by", "in_doubt"), [(10, {}), (11, {"clock_wrong": 1})])
@pytest.mark.parametrize("told", [door, helped, signed])
async def test_a_clock_that_was_far_off_is_told(
    desk: Desk, told: Any, off_by: int, in_doubt: Json
) -> None:
    showed = SATURDAY - off_by * MINUTE

    found = await doubts(desk, told(envelope={"devicetime": showed.isoformat()}))

    assert found == in_doubt


async def test_what_a_ward_recorded_for_a_device_is_told(desk: Desk) -> None:
    admitted = "/user/ward-1?refusal=01990000-0000-8000-8000-000000000001"

    assert await doubts(desk, door(envelope={"source": PHONE, "admittedby": admitted})) == {
        "admitted": 1
    }


async def test_each_figure_says_by_what_it_was_judged(desk: Desk) -> None:
    answered = await desk.report("data_quality")

    basis = {figure["figure"]: figure["basis"] for figure in answered["figures"]}
    assert all(basis.values())
    assert "15 phút" in basis["doors_recorded_twice"]["vi"]
    assert "10 minutes" in basis["clock_wrong"]["en"]


def _column(answered: Json, name: str) -> list[int]:
    return [row["figures"][name] for row in answered["rows"]]
