"""Numbers of wards are of one geography: today's, or that of the time which is asked about."""

from datetime import UTC, datetime

import pytest

from services.events.assistance import CitizenAssisted
from services.events.teams import TeamDeployed, TeamFormed
from services.platform.access.auth import Reader
from tests.builders import CHO_LON, HOA_HUNG, event
from tests.reporting.desk import Desk

MARCH = datetime(2025, 3, 14, 2, 0, tzinfo=UTC)
UNDIVIDED, SPLIT, DISTRICT, CITY, NOWHERE = "26740", "26746", "760", "79", "99999"
OLD = (UNDIVIDED, SPLIT, DISTRICT, CITY)


async def tell_of_both(desk: Desk) -> None:
    """Work in two wards of today, and before them in four units of other kinds."""
    await desk.tell(
        *(event(CitizenAssisted, ward=ward, at=MARCH) for ward in OLD),
        *(event(CitizenAssisted, ward=ward) for ward in (CHO_LON, HOA_HUNG, CITY, NOWHERE)),
    )


async def test_active_wards_are_those_of_today_however_many_units_came_before(desk: Desk) -> None:
    await tell_of_both(desk)

    assert (await desk.total("overview"))["active_wards"] == 3


@pytest.mark.parametrize(
    ("asked", "wards"),
    [
        ({"to": "2025-06-30"}, 2),
        ({}, 2),
        ({"from_": "2025-07-01"}, 2),
        ({"ward": f"{SPLIT}@2020-01-01", "to": "2025-06-30"}, 1),
        ({"ward": f"{SPLIT}@2020-01-01"}, 0),
        ({"ward": f"{DISTRICT}@2020-01-01", "to": "2025-06-30"}, 0),
    ],
)
async def test_active_wards_as_they_were_are_those_of_the_last_day_that_is_asked_about(
    desk: Desk, asked: dict[str, str], wards: int
) -> None:
    await tell_of_both(desk)

    assert (await desk.total("overview", wards="as_was", **asked))["active_wards"] == wards


async def test_each_month_counts_the_wards_that_it_had(desk: Desk) -> None:
    await tell_of_both(desk)

    answered = await desk.report(
        "overview", by="month", wards="as_was", from_="2025-03-01", to="2025-10-31"
    )

    counted = {
        row["group"]["period"]["first"]: row["figures"]["active_wards"] for row in answered["rows"]
    }
    assert (counted["2025-03-01"], counted["2025-10-01"]) == (2, 2)


async def test_a_number_of_wards_opens_to_as_many(desk: Desk) -> None:
    await tell_of_both(desk)

    for asked in ({}, {"wards": "as_was"}, {"wards": "as_was", "to": "2025-06-30"}):
        answered = await desk.report("overview", **asked)
        [opens] = [f["opens"] for f in answered["figures"] if f["figure"] == "active_wards"]
        total = answered["total"]

        opened = await desk.opened(total["facts"] + opens["in_total"], limit=1)
        assert opened == total["figures"]["active_wards"]


async def test_the_168_divide_only_what_was_counted_among_all_168(desk: Desk) -> None:
    formed = event(TeamFormed, subject="team-1", kind="dx_formation")
    await desk.tell(formed, event(TeamDeployed, subject="team-1"))

    whole = (await desk.total("overview"))["deployment"]
    one_ward = (await desk.total("overview", ward=CHO_LON))["deployment"]
    before = (await desk.total("overview", wards="as_was", to="2025-06-30"))["deployment"]
    desk.reader = Reader("/user/u-1", "ward", frozenset({CHO_LON}))
    own = (await desk.total("overview"))["deployment"]

    assert whole["denominator"] == 168
    assert [one_ward["denominator"], before["denominator"], own["denominator"]] == [None] * 3


async def test_rows_of_a_time_before_the_merger_are_its_own_units_alone(desk: Desk) -> None:
    await tell_of_both(desk)

    was = await desk.report("league", wards="as_was", to="2025-06-30")
    today = await desk.report("league")

    assert {row["group"]["ward"]["code"] for row in was["rows"]} == set(OLD)
    assert sum(row["group"]["ward"]["today"] for row in today["rows"]) == 168 + len((CITY,))
