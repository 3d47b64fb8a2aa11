"""Every number opens down to what it counted, and the pages add up to it."""

from datetime import UTC, date, datetime, timedelta
from itertools import combinations
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from services.events.assistance import CitizenAssisted
from services.events.citizens import CitizenMerged
from services.events.envelope import Event
from services.events.signatures import SignatureActivated, SignatureRegistered
from services.events.teams import TeamFormed
from services.platform.access.auth import Reader
from services.reporting.definitions.filters import FILTERS
from tests.any_event import ids
from tests.builders import CHO_LON, HOA_HUNG, SATURDAY, event
from tests.examples import examples
from tests.reporting.campaigns import campaigns
from tests.reporting.desk import Desk, Json, open_desk
from tests.reporting.toy import WITH_TOYS

GROUPINGS = [
    (report, by)
    for report in WITH_TOYS.reports.values()
    for by in ("", "day", "campaign_month", *report.by, *(f"{name},week" for name in report.by))
]
CODES = {name: (*(one.label.codes or ids(name)),)[:2] for name, one in FILTERS.items()}
NARROWED: list[dict[str, str]] = [
    *({name: code} for name, codes in CODES.items() for code in codes),
    *({one: CODES[one][0], other: CODES[other][0]} for one, other in combinations(CODES, 2)),
    *({}, {"known_by": "2025-07-02"}, {"wards": "as_was"}),
]


def test_each_report_and_filter_is_among_what_is_opened() -> None:
    assert {report.name for report, _ in GROUPINGS} == WITH_TOYS.reports.keys()
    assert {name for asked in NARROWED for name in asked} >= FILTERS.keys()


@settings(max_examples=examples(100), suppress_health_check=list(HealthCheck))
@given(data=st.data(), told=campaigns(WITH_TOYS.measures))
async def test_the_pages_behind_every_number_add_up_to_it(
    data: st.DataObject, told: list[Event]
) -> None:
    report, by = data.draw(st.sampled_from(GROUPINGS))
    asked: dict[str, Any] = {"from_": "2025-06-29", "to": "2025-07-20"}
    asked |= data.draw(st.sampled_from(NARROWED))
    asked |= {"by": by} if by else {}
    asked |= {"ward": CHO_LON} if report.one_ward else {}
    limit = data.draw(st.sampled_from((1, 4)))
    async with open_desk(catalogue=WITH_TOYS) as desk:
        await desk.tell(*told)

        answered = await desk.report(report.name, **asked)

        rows = [row for row in answered["rows"] if _counts(row)]
        if rows:
            await _opens(desk, answered, data.draw(st.sampled_from(rows)), "in_rows", limit)
        await _opens(desk, answered, answered["total"], "in_total", limit)


async def _opens(desk: Desk, answered: Json, row: Json, where: str, limit: int) -> None:
    for figure in answered["figures"]:
        value = row["figures"][figure["figure"]]
        if figure["kind"] != "share" and value:
            opened = await desk.opened(row["facts"] + figure["opens"][where], limit)
            assert opened == value, (figure["figure"], row["group"], opened, value)


def _counts(row: Json) -> bool:
    return any(isinstance(value, int) and value for value in row["figures"].values())


async def test_two_records_of_one_person_open_as_one(desk: Desk) -> None:
    await desk.tell(
        event(CitizenAssisted, citizen_id="citizen-1"),
        event(CitizenAssisted, citizen_id="citizen-2", ward=HOA_HUNG),
        event(CitizenMerged, citizen_id="citizen-1", merged_id="citizen-2"),
    )

    answered = await desk.report("overview")

    link = answered["total"]["facts"] + _opens_as(answered, "people")
    assert answered["total"]["figures"]["people"] == 1
    assert await desk.opened(link, limit=1) == 1


async def test_an_early_page_can_be_read_again_after_later_ones(desk: Desk) -> None:
    for day in range(4):
        at = SATURDAY + timedelta(days=day)
        await desk.tell(event(CitizenAssisted, at=at, citizen_id=f"citizen-{day % 2}"))
    answered = await desk.report("overview", from_=date(2025, 10, 1))
    link = answered["total"]["facts"] + _opens_as(answered, "people") + "&limit=1"

    first = (await desk.http.get(link)).json()
    second = (await desk.http.get(first["next"])).json()
    again = (await desk.http.get(first["next"])).json()

    assert [len(first["rows"]), len(second["rows"])] == [1, 1]
    assert again["rows"] == second["rows"]


async def test_a_row_names_the_records_and_nothing_they_say_of_anybody(desk: Desk) -> None:
    told = event(CitizenAssisted, citizen_id="citizen-1")
    await desk.tell(told)

    page = (await desk.get("facts", measure="visits", ward=CHO_LON)).json()

    (row,) = page["rows"]
    assert row["facts"][0]["id"] == told.id
    assert "citizen-1" not in str(page)


def _opens_as(answered: Json, name: str) -> str:
    return next(str(f["opens"]["in_total"]) for f in answered["figures"] if f["figure"] == name)


async def test_a_home_gives_no_right_to_records_of_other_wards(desk: Desk) -> None:
    here = event(SignatureRegistered)
    elsewhere = event(SignatureActivated, ward=HOA_HUNG, at=SATURDAY + timedelta(days=1))
    await desk.tell(here, elsewhere)
    link = {"measure": "signatures"}

    whole = (await desk.get("facts", **link)).json()["rows"]
    desk.reader = Reader("/user/ward-1", "ward", frozenset({CHO_LON}))
    at_home = (await desk.get("facts", **link)).json()["rows"]
    desk.reader = Reader("/user/ward-2", "ward", frozenset({HOA_HUNG}))
    where_it_was_activated = (await desk.get("facts", **link)).json()["rows"]

    assert [(len(row["facts"]), row["elsewhere"]) for row in whole] == [(2, 0)]
    [row] = at_home
    assert (row["amount"], [f["id"] for f in row["facts"]], row["elsewhere"]) == (1, [here.id], 1)
    assert where_it_was_activated == []


async def test_records_from_before_the_merger_open_to_the_ward_that_came_of_it(desk: Desk) -> None:
    formed = event(TeamFormed, at=datetime(2025, 5, 6, tzinfo=UTC))
    await desk.tell(formed)
    desk.reader = Reader("/user/ward-1", "ward", frozenset({CHO_LON}))
    asked = {"measure": "teams", "label": "team_kind:community_tech_team"}

    [row] = (await desk.get("facts", **asked)).json()["rows"]

    assert row["ward"]["key"] == "27343@2025-07-01"
    assert [fact["id"] for fact in row["facts"]] == [formed.id]
