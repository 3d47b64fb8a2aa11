"""Reports as people and programs read them."""

from datetime import UTC, date, datetime, timedelta

import httpx
import pytest

from services.events.assistance import CitizenAssisted
from services.events.citizens import CitizenMerged
from services.events.corrections import EventRefused
from services.events.households import HouseholdVisited
from services.events.neighbourhoods import NeighbourhoodRegistered
from services.events.teams import TeamDisbanded, TeamFormed
from services.messaging.log.completeness import Statement, Tally
from services.platform.access.auth import Reader
from services.reporting.definitions.report import Report
from services.reporting.reports import REPORTS
from services.reporting.stores.aside_store import Buried
from tests.builders import CHO_LON, HOA_HUNG, SATURDAY, event, given, void
from tests.eventually import eventually
from tests.reporting.aside_contract import leaving
from tests.reporting.desk import Desk, Json

BEFORE_THE_MERGER = datetime(2025, 3, 14, 2, 0, tzinfo=UTC)
BEN_NGHE = "26740"
NGUYEN_THAI_BINH = "26746"
PHUONG_11 = "27328"


def rows_of(answered: Json) -> dict[str, Json]:
    """Figures by the code or the ward of a row."""
    named: dict[str, Json] = {}
    for row in answered["rows"]:
        group = row["group"]
        name = group["codes"][0]["code"] if group["codes"] else group["ward"]["code"]
        named[name] = row["figures"]
    return named


@pytest.mark.parametrize("report", REPORTS.values(), ids=lambda report: report.name)
def test_a_report_has_a_field_for_each_of_its_figures(report: Report) -> None:
    assert list(report.row.model_fields) == [f.name for f in report.figures]


@pytest.mark.parametrize("report", REPORTS.values(), ids=lambda report: report.name)
def test_one_name_means_one_number_in_a_report(report: Report) -> None:
    numbers = report.numbers()

    assert len({number.name for number in numbers}) == len(numbers)


async def test_the_overview_tells_visits_services_and_people_apart(desk: Desk) -> None:
    await desk.tell(
        event(CitizenAssisted, citizen_id="citizen-1", services=[given("etax"), given("vssid")]),
        event(CitizenAssisted, citizen_id="citizen-1", ward=HOA_HUNG),
        event(CitizenAssisted, citizen_id=None),
    )

    total = await desk.total("overview")

    assert (total["services"], total["visits"], total["people"]) == (4, 3, 1)


async def test_months_and_quarters_are_cut_at_both_ends_and_count_a_person_once(
    desk: Desk,
) -> None:
    days = [(2025, 9, 19), (2025, 9, 20), (2025, 10, 1), (2025, 10, 31), (2025, 11, 2)]
    at = [datetime(*day, 2, 0, tzinfo=UTC) for day in days]
    await desk.tell(
        *(event(CitizenAssisted, at=when, citizen_id="citizen-1") for when in at),
        event(TeamFormed, at=at[0], subject="team-1"),
        event(TeamFormed, at=at[4], subject="team-2"),
    )

    async def cut_by(unit: str) -> list[tuple[str, int, int, int]]:
        asked = {"from_": "2025-09-20", "to": "2025-11-10", "by": unit}
        rows = (await desk.report("overview", **asked))["rows"]
        return [
            (row["group"]["period"]["first"], f["visits"], f["people"], f["community_tech_teams"])
            for row in rows
            if (f := row["figures"])
        ]

    assert await cut_by("month") == [
        ("2025-09-20", 1, 1, 1),
        ("2025-10-01", 2, 1, 1),
        ("2025-11-01", 1, 1, 2),
    ]
    assert await cut_by("quarter") == [("2025-09-20", 1, 1, 1), ("2025-10-01", 3, 1, 2)]


async def test_the_league_has_168_wards_in_vietnamese_order(desk: Desk) -> None:
    await desk.tell(event(CitizenAssisted))

    answered = await desk.report("league")

    names = [row["group"]["ward"]["short_name"] for row in answered["rows"]]
    assert len(names) == 168
    assert names.index("Bình Dương") < names.index("Đất Đỏ") < names.index("Hòa Hưng")
    assert rows_of(answered)[CHO_LON]["visits"] == 1
    assert rows_of(answered)[HOA_HUNG]["visits"] == 0


async def test_a_filter_by_service_and_group_reads_what_no_cell_holds(desk: Desk) -> None:
    await desk.tell(
        event(CitizenAssisted, citizen_id="citizen-1", services=[given("etax")], groups=["trader"]),
        event(CitizenAssisted, citizen_id="citizen-2", services=[given("etax")]),
        event(
            CitizenAssisted,
            citizen_id="citizen-3",
            services=[given("vssid"), given("etax", outcome="not_done")],
            groups=["trader", "elderly"],
        ),
    )

    total = await desk.total("services", service="etax", group="trader")

    assert (total["services"], total["not_done"], total["people"]) == (2, 1, 2)


async def test_a_filter_leaves_out_numbers_that_it_does_not_apply_to(desk: Desk) -> None:
    await desk.tell(event(TeamFormed), event(HouseholdVisited))

    total = await desk.total("overview", service="etax")

    assert total["community_tech_teams"] is None
    assert total["doors"] is None
    assert total["services"] == 0


async def test_four_kinds_of_team_are_never_added_up(desk: Desk) -> None:
    await desk.tell(
        event(TeamFormed, subject="team-1"),
        event(TeamFormed, subject="team-2", kind="dx_formation"),
    )

    answered = await desk.report("teams")

    assert rows_of(answered)["community_tech_team"]["teams"] == 1
    assert rows_of(answered)["dx_formation"]["teams"] == 1
    assert answered["total"]["figures"]["teams"] is None


async def test_a_ratio_shows_both_parts_its_source_and_its_day(desk: Desk) -> None:
    await desk.tell(
        event(NeighbourhoodRegistered, households=8, as_of="2025-09-30"),
        event(HouseholdVisited, household_id="household-1"),
    )

    answered = await desk.report("overview")

    info = next(f for f in answered["figures"] if f["figure"] == "reach")
    reach = answered["total"]["figures"]["reach"]
    assert reach == {"numerator": 1, "denominator": 8, "value": 12.5, "as_of": "2025-09-30"}
    assert info["basis"]["vi"]


async def test_without_a_denominator_there_is_no_share(desk: Desk) -> None:
    await desk.tell(event(HouseholdVisited))

    reach = (await desk.total("overview"))["reach"]

    assert (reach["numerator"], reach["denominator"], reach["value"]) == (1, None, None)


async def test_a_day_by_day_table_says_what_stood_at_the_end_of_each_day(desk: Desk) -> None:
    await desk.tell(
        event(TeamFormed, at=SATURDAY - timedelta(days=30)),
        event(TeamDisbanded, at=SATURDAY + timedelta(days=1)),
    )

    answered = await desk.report(
        "ward", ward=CHO_LON, by="day", from_=SATURDAY.date(), to=date(2025, 10, 13)
    )

    assert [row["figures"]["community_tech_teams"] for row in answered["rows"]] == [1, 0, 0]


async def test_a_ward_is_shown_by_neighbourhood_with_names_and_with_zeros(desk: Desk) -> None:
    await desk.tell(
        event(NeighbourhoodRegistered, subject="khu-pho-1", name="Khu phố 1"),
        event(NeighbourhoodRegistered, subject="khu-pho-10", name="Khu phố 10"),
        event(NeighbourhoodRegistered, subject="khu-pho-2", name="Khu phố 2"),
        event(CitizenAssisted, neighbourhood_id="khu-pho-10"),
    )

    answered = await desk.report("ward", ward=CHO_LON)

    shown = [
        (r["group"]["codes"][0]["name"]["vi"], r["figures"]["visits"]) for r in answered["rows"]
    ]
    assert shown == [("Khu phố 1", 0), ("Khu phố 2", 0), ("Khu phố 10", 1)]


async def test_what_was_known_on_a_day_leaves_out_later_uploads_and_voids(desk: Desk) -> None:
    at_once = event(CitizenAssisted)
    late = event(CitizenAssisted, recorded=datetime(2025, 10, 14, tzinfo=UTC))
    await desk.tell(at_once, late, void(at_once, at=SATURDAY + timedelta(days=4)))

    then = await desk.total("overview", known_by="2025-10-12")
    now = await desk.total("overview")

    assert (then["visits"], now["visits"]) == (1, 1)
    assert (await desk.total("overview", known_by="2025-10-14"))["visits"] == 2


async def test_a_merger_makes_two_people_one(desk: Desk) -> None:
    await desk.tell(
        event(CitizenAssisted, citizen_id="citizen-1"),
        event(CitizenAssisted, citizen_id="citizen-2"),
    )
    assert (await desk.total("overview"))["people"] == 2

    await desk.tell(event(CitizenMerged, citizen_id="citizen-1", merged_id="citizen-2"))

    assert (await desk.total("people"))["people"] == 1


async def test_the_past_is_shown_as_it_was_or_under_todays_wards(desk: Desk) -> None:
    await desk.tell(event(CitizenAssisted, ward=BEN_NGHE, at=BEFORE_THE_MERGER))

    as_was = await desk.report("league", wards="as_was")
    today = await desk.report("league")

    was = {row["group"]["ward"]["key"]: row["figures"]["visits"] for row in as_was["rows"]}
    now = {row["group"]["ward"]["key"]: row["figures"]["visits"] for row in today["rows"]}
    assert (was["26740@2020-01-01"], was["26740@2025-07-01"]) == (1, 0)
    assert now["26740@2025-07-01"] == 1
    assert "26740@2020-01-01" not in now


async def test_a_former_ward_asked_for_under_todays_is_the_whole_of_what_it_became(
    desk: Desk,
) -> None:
    await desk.tell(
        event(CitizenAssisted, ward=BEN_NGHE, at=BEFORE_THE_MERGER),
        event(CitizenAssisted, ward=BEN_NGHE),
    )

    answered = await desk.report("league", ward="26740@2020-01-01")

    [row] = answered["rows"]
    assert answered["ward"]["key"] == row["group"]["ward"]["key"] == "26740@2025-07-01"
    assert row["figures"]["visits"] == answered["total"]["figures"]["visits"] == 2


async def test_reader_of_a_former_ward_alone_is_not_shown_what_it_became(desk: Desk) -> None:
    """Its part would stand under the name of the whole."""
    await desk.tell(event(CitizenAssisted, ward=PHUONG_11, at=BEFORE_THE_MERGER))
    desk.reader = Reader("/user/u-1", "ward", frozenset({PHUONG_11}))

    as_was = await desk.report("league", wards="as_was")
    today = await desk.report("league")

    assert [row["figures"]["visits"] for row in as_was["rows"]] == [1]
    assert (today["rows"], today["total"]["figures"]["visits"]) == ([], 0)
    assert await desk.problem("reports/league", ward=PHUONG_11) == (403, "forbidden")


async def test_a_split_wards_past_is_never_divided(desk: Desk) -> None:
    await desk.tell(event(CitizenAssisted, ward=NGUYEN_THAI_BINH, at=BEFORE_THE_MERGER))

    answered = await desk.report("league")

    row = answered["rows"][-1]
    assert row["group"]["ward"]["split_into"] == ["Phường Bến Thành", "Phường Sài Gòn"]
    assert row["figures"]["visits"] == 1


async def prove(desk: Desk, until: datetime) -> None:
    """Both logs say that all that is here is all they have."""
    for log, one in (await desk.books.progress.read([0]))[0].standing.items():
        statement = Statement(log, one.tally, until, 1)
        await desk.books.progress.heard(0, [statement], desk.now)


async def overview_that_goes_without(desk: Desk) -> httpx.Response | None:
    """An answer is given again for some milliseconds."""
    response = await desk.get("reports/overview")
    return response if response.json()["without"] else None


async def test_answer_says_why_it_stands_still_and_without_what_it_goes_on(desk: Desk) -> None:
    visit = event(CitizenAssisted)
    waiting = Buried(visit.id, CHO_LON, visit.type, visit.source, "not_handled", desk.now)
    await desk.books.aside.bury([waiting], None)
    await desk.books.progress.set_aside(0, None)
    await prove(desk, desk.now)
    lacking = Statement("registration", Tally().plus([visit.id]), desk.now, 1)
    await desk.books.progress.heard(0, [lacking], desk.now)

    held = await desk.get("reports/overview")
    await desk.books.projection.project(0, [leaving(visit.id)])
    await desk.books.progress.heard(0, [lacking], desk.now)
    left = await eventually(lambda: overview_that_goes_without(desk))

    [reason] = held.json()["held_back"]
    assert (reason["code"], reason["ward"]["code"], reason["count"]) == ("set_aside", CHO_LON, 1)
    assert held.json()["without"] == []
    assert left.json()["held_back"] == []
    assert [one["ward"]["code"] for one in left.json()["without"]] == [CHO_LON]
    assert held.headers["etag"] != left.headers["etag"]
    for answer in (
        await desk.get("facts", measure="visits"),
        await desk.get("tally", device="phone-1"),
        await desk.get("worklists/disputes"),
    ):
        assert answer.json()["without"] == left.json()["without"]


async def test_unchanged_figures_cost_a_304_that_still_tells_the_time(desk: Desk) -> None:
    await desk.books.project([event(CitizenAssisted)])
    await prove(desk, datetime(2025, 11, 7, 1, 0, tzinfo=UTC))
    first = await desk.get("reports/overview")

    again = await desk.http.get(
        "/api/reporting/v1/reports/overview", headers={"If-None-Match": first.headers["etag"]}
    )

    assert first.json()["true_as_of"] == "2025-11-07T01:00:00Z"
    assert again.status_code == 304
    assert again.headers["true-as-of"] == "2025-11-07T01:00:00Z"
    assert not again.content


async def test_a_devices_tally_says_what_the_wards_report_says_of_it(desk: Desk) -> None:
    await desk.tell(
        event(CitizenAssisted),
        event(HouseholdVisited, at=SATURDAY + timedelta(days=1)),
        event(EventRefused),
        event(CitizenAssisted, envelope={"source": "/device/phone-2"}),
    )

    tally = (await desk.get("tally", device="phone-1")).json()
    by_sender = rows_of(await desk.report("devices", ward=CHO_LON))

    assert [day["day"] for day in tally["days"]] == ["2025-10-11", "2025-10-12"]
    assert tally["total"] == {"accepted": 2, "rejected": 1, "conflicting": 0}
    assert tally["total"] == by_sender["phone-1"]
    assert by_sender["phone-2"]["accepted"] == 1


async def test_a_device_reads_its_own_tally_and_nothing_else(desk: Desk) -> None:
    desk.reader = Reader("/device/phone-1", "volunteer", frozenset({CHO_LON}))

    assert (await desk.get("tally", device="phone-1")).status_code == 200
    assert await desk.problem("tally", device="phone-2") == (403, "forbidden")
    assert await desk.problem("reports/overview") == (403, "forbidden")
    assert await desk.problem("facts", measure="visits") == (403, "forbidden")


async def test_a_coordinator_sees_the_own_ward_alone(desk: Desk) -> None:
    await desk.tell(event(CitizenAssisted), event(CitizenAssisted, ward=HOA_HUNG))
    desk.reader = Reader("/user/ward-1", "ward", frozenset({CHO_LON}))

    assert (await desk.total("overview"))["visits"] == 1
    assert await desk.problem("reports/overview", ward=HOA_HUNG) == (403, "forbidden")
    assert len((await desk.report("league"))["rows"]) == 1


@pytest.mark.parametrize(
    ("path", "asked", "answered"),
    [
        ("reports/elephants", {}, (404, "unknown_report")),
        ("reports/overview", {"from": "07/11/2025"}, (422, "invalid_date")),
        ("reports/overview", {"to": "2025-02-30"}, (422, "invalid_date")),
        ("reports/overview", {"from": "2025-11-08", "to": "2025-11-07"}, (422, "period_reversed")),
        ("reports/league", {"by": "ward,day"}, (422, "period_too_wide")),
        ("reports/overview", {"ward": "00001"}, (422, "unknown_ward")),
        ("reports/overview", {"service": "dancing"}, (422, "unknown_code")),
        ("reports/overview", {"group": "$where"}, (422, "unknown_code")),
        ("reports/overview", {"team": "Team 1"}, (422, "unknown_code")),
        ("reports/overview", {"form": "2025-11-07"}, (422, "unknown_parameter")),
        ("reports/overview", {"by": "ca"}, (422, "not_grouped_so")),
        ("reports/overview", {"by": "day,week"}, (422, "not_grouped_so")),
        ("reports/overview", {"wards": "yesterday"}, (422, "invalid_choice")),
        ("reports/ward", {}, (422, "ward_needed")),
        ("facts", {}, (404, "unknown_measure")),
        ("facts", {"measure": "visits", "label": "colour:red"}, (422, "unknown_code")),
        ("facts", {"measure": "visits", "label": "channel"}, (422, "unknown_code")),
        ("facts", {"measure": "visits", "of": "colour"}, (422, "unknown_code")),
        ("facts", {"measure": "visits", "cursor": "%%%"}, (422, "invalid_cursor")),
        ("facts", {"measure": "visits", "cursor": "WzEsMl0"}, (422, "invalid_cursor")),
        ("facts", {"measure": "visits", "limit": "0"}, (422, "invalid_choice")),
        ("tally", {}, (422, "invalid_device")),
    ],
)
async def test_a_wrong_question_is_answered_with_its_own_problem(
    desk: Desk, path: str, asked: dict[str, str], answered: tuple[int, str]
) -> None:
    assert await desk.problem(path, **asked) == answered
