"""The ward's tasks: what looks told again, and one citizen at more doors than is likely."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from services.events.assistance import CitizenAssisted
from services.events.citizens import CitizenMerged
from services.events.envelope import Event
from services.events.households import HouseholdVisited
from services.platform.access.auth import Reader
from services.platform.mongo import connect
from services.reporting.worklists.many_doors import LIKELY_DOORS
from tests.builders import CHO_LON, HOA_HUNG, SATURDAY, event, void
from tests.reporting.books import real_books
from tests.reporting.desk import Desk, Json, open_desk

SOON = timedelta(seconds=0.4)
DAY = timedelta(days=1)
COORDINATOR = Reader("/user/ward-1", "ward", frozenset({CHO_LON}))
LISTS = ("doubts", "many_doors")


def twice(on: datetime = SATURDAY, **changes: Any) -> list[Event]:
    """A door that was told again."""
    return [event(HouseholdVisited, at=at, **changes) for at in (on, on + SOON)]


def at_doors(number: int, **changes: Any) -> list[Event]:
    """One citizen, met at so many doors, an hour after another."""
    told = {"citizen_id": "citizen-1", **changes}
    hours = (timedelta(hours=n) for n in range(number))
    return [
        event(CitizenAssisted, at=SATURDAY + hour, household_id=f"household-{n}", **told)
        for n, hour in enumerate(hours, start=1)
    ]


def ids(rows: list[Json]) -> list[tuple[str, str]]:
    """What each row names."""
    return [(row["earlier"]["id"], row["record"]["id"]) for row in rows]


async def many_doors(desk: Desk, **asked: Any) -> list[Json]:
    """All pages of one ward's list."""
    return await desk.rows("worklists/many_doors", **{"ward": CHO_LON, **asked})


async def test_what_was_told_again_is_listed_with_what_can_be_done(desk: Desk) -> None:
    first, again = twice(team_id="team-7")
    await desk.tell(again, first)

    [row] = await desk.rows("worklists/doubts")

    assert (row["earlier"]["id"], row["record"]["id"]) == (first.id, again.id)
    assert (row["ward"]["code"], row["team_id"]) == (CHO_LON, "team-7")
    assert row["doubt"]["code"] == "recorded_twice"
    assert "event.voided.v1" in row["to_do"]["vi"]
    assert datetime.fromisoformat(row["happened_at"]) == again.time


async def test_two_teams_are_listed_as_another_doubt(desk: Desk) -> None:
    other: Json = {"team_id": "team-2", "envelope": {"source": "/device/phone-2"}}
    await desk.tell(event(HouseholdVisited), event(HouseholdVisited, **other))

    [row] = await desk.rows("worklists/doubts")

    assert row["doubt"]["code"] == "two_teams"


@pytest.mark.parametrize("which", [0, 1])
async def test_a_void_of_either_ends_the_task(desk: Desk, which: int) -> None:
    told = twice()
    await desk.tell(*told)

    await desk.tell(void(told[which]))

    assert await desk.rows("worklists/doubts") == []


@pytest.mark.parametrize("limit", [1, 2, 100])
async def test_pages_lead_from_the_newest_to_the_oldest(desk: Desk, limit: int) -> None:
    told = [
        twice(SATURDAY + n * DAY, ward=ward, household_id=f"household-{door}")
        for n in (0, 1, 20)
        for ward in (CHO_LON, HOA_HUNG)
        for door in (1, 2)
    ]
    await desk.tell(*(record for pair in told for record in pair))

    rows = await desk.rows("worklists/doubts", limit=limit)

    days = [row["happened_at"][:10] for row in rows]
    assert sorted(ids(rows)) == sorted((a.id, b.id) for a, b in told)
    assert days == sorted(days, reverse=True)


async def test_every_row_of_the_list_is_one_of_the_reports_figures(desk: Desk) -> None:
    await desk.tell(*twice(), *twice(SATURDAY + 2 * SOON), *at_doors(1), *at_doors(1))

    figures = await desk.total("data_quality")

    counted = sum(figures[f"{what}_recorded_twice"] for what in ("doors", "help", "signatures"))
    assert len(await desk.rows("worklists/doubts")) == counted == 4


async def test_what_was_let_be_for_a_quarter_is_listed_no_more(desk: Desk) -> None:
    await desk.tell(*twice(), *at_doors(LIKELY_DOORS + 1))

    desk.now += 50 * DAY

    assert await desk.rows("worklists/doubts") == []
    assert await many_doors(desk) == []


async def test_a_citizen_at_more_doors_than_is_likely_is_listed(desk: Desk) -> None:
    told = at_doors(LIKELY_DOORS + 1)
    await desk.tell(*told)

    [row] = await many_doors(desk)

    assert row["households"] == LIKELY_DOORS + 1
    assert [record["id"] for record in row["records"]] == [record.id for record in told]
    assert datetime.fromisoformat(row["last_met_at"]) == told[-1].time
    assert "replaces" in row["to_do"]["vi"]


@pytest.mark.parametrize(
    "told",
    [
        at_doors(LIKELY_DOORS),
        [*at_doors(LIKELY_DOORS), *at_doors(LIKELY_DOORS)],
        at_doors(LIKELY_DOORS + 1, citizen_id=None),
        [event(CitizenAssisted, citizen_id="citizen-1", at=SATURDAY + n * DAY) for n in range(6)],
        [*at_doors(LIKELY_DOORS), *at_doors(LIKELY_DOORS + 1, ward=HOA_HUNG)[-1:]],
    ],
    ids=["likely", "the same doors again", "nobody identified", "no door", "another ward's"],
)
async def test_what_is_likely_is_no_task(desk: Desk, told: list[Event]) -> None:
    await desk.tell(*told)

    assert await many_doors(desk) == []


async def test_a_void_takes_a_door_away(desk: Desk) -> None:
    told = at_doors(LIKELY_DOORS + 1)
    await desk.tell(void(told[1]), *told)

    assert await many_doors(desk) == []


async def test_merged_records_are_one_citizen_at_their_doors_together(desk: Desk) -> None:
    one, *others = at_doors(LIKELY_DOORS + 1)
    second = at_doors(1, citizen_id="citizen-2")
    await desk.tell(*others, *second)
    assert await many_doors(desk) == []

    merger = event(CitizenMerged, citizen_id="citizen-1", merged_id="citizen-2")
    await desk.tell(merger)
    assert [row["households"] for row in await many_doors(desk)] == [LIKELY_DOORS + 1]

    await desk.tell(void(merger), one)
    assert len(await many_doors(desk)) == 1


async def test_citizens_at_many_doors_come_newest_first_page_by_page(desk: Desk) -> None:
    told = [at_doors(LIKELY_DOORS + n, citizen_id=f"citizen-{n}") for n in (1, 3, 2)]
    await desk.tell(*(record for records in told for record in records))

    rows = await many_doors(desk, limit=1)

    assert [row["households"] for row in rows] == [LIKELY_DOORS + n for n in (3, 2, 1)]


async def test_the_city_names_a_ward_and_a_coordinator_has_one(desk: Desk) -> None:
    await desk.tell(*at_doors(LIKELY_DOORS + 1))

    assert await desk.problem("worklists/many_doors") == (422, "ward_needed")
    desk.reader = COORDINATOR

    assert len(await desk.rows("worklists/many_doors")) == 1


@pytest.mark.parametrize("name", LISTS)
async def test_a_ward_has_no_list_of_another(desk: Desk, name: str) -> None:
    elsewhere: Json = {"ward": HOA_HUNG}
    await desk.tell(*twice(**elsewhere), *at_doors(LIKELY_DOORS + 1, **elsewhere))
    desk.reader = COORDINATOR

    assert await desk.rows(f"worklists/{name}") == []
    assert await desk.problem(f"worklists/{name}", ward=HOA_HUNG) == (403, "forbidden")


@pytest.mark.parametrize("name", LISTS)
async def test_a_list_says_nothing_of_the_citizen_and_no_more_than_is_asked(
    desk: Desk, name: str
) -> None:
    doors = at_doors(LIKELY_DOORS + 1, citizen_id="citizen-77")
    await desk.tell(*doors, *at_doors(1, citizen_id="citizen-77"))

    answered = await desk.get(f"worklists/{name}", ward=CHO_LON)

    assert answered.json()["rows"]
    assert "citizen-77" not in answered.text
    assert "household-" not in answered.text
    assert await desk.problem(f"worklists/{name}", team="team-1") == (422, "unknown_parameter")
    assert await desk.problem(f"worklists/{name}", ward=CHO_LON, cursor="x") == (
        422,
        "invalid_cursor",
    )


@pytest.mark.parametrize("name", LISTS)
@pytest.mark.parametrize("role", ["volunteer", "kiosk", "integrator"])
async def test_who_is_in_the_field_has_no_list(desk: Desk, name: str, role: str) -> None:
    desk.reader = Reader("/device/phone-1", role, frozenset({CHO_LON}))

    assert await desk.problem(f"worklists/{name}") == (403, "forbidden")


async def test_the_lists_are_the_same_from_the_real_stores(
    mongo_url: str, database_name: str
) -> None:
    client = connect(mongo_url)
    async with open_desk(await real_books(client, database_name)) as desk:
        pairs = [twice(SATURDAY + n * DAY) for n in range(2)]
        await desk.tell(*at_doors(LIKELY_DOORS + 1), *(one for pair in pairs for one in pair))

        doubts = await desk.rows("worklists/doubts", limit=1)

        assert ids(doubts) == [(a.id, b.id) for a, b in reversed(pairs)]
        assert len(await many_doors(desk)) == 1
    client.close()
