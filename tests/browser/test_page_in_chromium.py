"""The centre's page as people see it: on any screen, whoever looks, whatever is asked."""

from datetime import timedelta

import pytest

from services.events.assistance import CitizenAssisted
from services.events.households import HouseholdVisited
from services.platform.access.auth import Reader
from tests.browser.conftest import Look
from tests.builders import CHO_LON, HOA_HUNG, SATURDAY, event, given
from tests.reporting.desk import Desk
from tests.reporting.test_one_geography import tell_of_both

LONGEST_NAME_PX = 260
SCREENS = (320, 360, 640, 1280, 1920)
FIGURES = 12


async def tell_of_a_campaign(desk: Desk) -> None:
    """In October, with one late visit at the end of November; and in units of before."""
    await tell_of_both(desk)
    days = [SATURDAY + timedelta(days=day) for day in (0, 1, 2, 44)]
    await desk.tell(
        *(event(CitizenAssisted, at=at, services=[given("etax")]) for at in days),
        *(event(HouseholdVisited, at=at) for at in days),
    )


@pytest.mark.parametrize(
    ("field", "value"), [("service", "etax"), ("group", "elderly"), ("wards", "as_was")]
)
async def test_another_question_lays_the_page_out_a_few_times_and_flashes_nothing(
    city: Desk, page: Look, field: str, value: str
) -> None:
    await tell_of_a_campaign(city)

    changed = page("changing", field=field, value=value)

    assert changed["layouts"] < 20
    assert changed["flashes"] == 0
    assert f"{field}={value}" in changed["address"]


@pytest.mark.parametrize("width", SCREENS)
async def test_figures_stand_beside_the_wards_name_on_every_screen(
    city: Desk, page: Look, width: int
) -> None:
    await tell_of_a_campaign(city)

    league = page("width", width=width, table="#league")

    assert league["beyond"] <= 0
    assert league["first"] <= LONGEST_NAME_PX
    assert league["seen"] >= (FIGURES if width >= 1280 else 1)


async def test_account_of_one_ward_sees_its_figures_under_its_own_name(
    city: Desk, page: Look
) -> None:
    await tell_of_a_campaign(city)
    city.reader = Reader("/user/u-1", "ward", frozenset({CHO_LON}))

    told = page("told", until="#ward *")

    assert (told["title"], told["total"], told["wards"]) == ("Phường Chợ Lớn",) * 3
    assert (told["map"], told["notice"], told["signIn"]) == (False, False, False)
    assert "Phường Chợ Lớn" in told["ward"]


@pytest.mark.parametrize("wards", [(CHO_LON, HOA_HUNG), (CHO_LON, HOA_HUNG, "26740", "26732")])
async def test_account_of_some_wards_has_a_map_of_these(
    city: Desk, page: Look, wards: tuple[str, ...]
) -> None:
    await tell_of_a_campaign(city)
    city.reader = Reader("/user/u-1", "ward", frozenset(wards))

    told = page("told")

    assert told["tiles"] == len(wards)
    assert told["title"] == told["total"] == f"{len(wards)} đơn vị của bạn"


async def test_wards_are_counted_apart_from_units_of_before(city: Desk, page: Look) -> None:
    await tell_of_a_campaign(city)

    today, before = (
        page("told"),
        page("told", "?wards=as_was&period=own&from=2025-01-01&to=2025-06-30"),
    )

    assert today["found"].startswith("168 đơn vị")
    assert today["title"] == today["total"] == "Toàn thành phố"
    assert before["found"].startswith("0 đơn vị, và 4")
    assert (before["tiles"], before["map"]) == (0, False)


async def test_whoever_needs_no_account_may_still_sign_in(city: Desk, page: Look) -> None:
    told = page("told")
    asked = page("pressing", button="#signInOpen", until="#signIn:not([hidden])")

    assert (told["signIn"], told["signInOpen"]) == (False, True)
    assert (asked["signIn"], asked["signInOpen"]) == (True, False)


async def test_figures_that_a_filter_does_not_divide_are_named_and_not_shown_as_dashes(
    city: Desk, page: Look
) -> None:
    await tell_of_a_campaign(city)

    all_, one = page("told"), page("told", "?service=etax")

    assert all_["unsaid"] == ""
    assert all_["columns"] == FIGURES + 1
    assert "Tổ, đội" in one["unsaid"]
    assert one["columns"] < all_["columns"]
    assert one["dashes"] <= 1


async def test_reload_asks_the_same_again(city: Desk, page: Look) -> None:
    await tell_of_a_campaign(city)
    query = f"?period=own&from=2025-10-11&to=2025-10-12&service=etax&ward={CHO_LON}@2025-07-01"

    told = page("told", query)

    assert told["service"] == "etax"
    assert told["asked"].startswith("11/10/2025 – 12/10/2025 · Dịch vụ: ")
    assert "Phường Chợ Lớn" in told["ward"]


@pytest.mark.parametrize(
    ("from_day", "to_day", "why"),
    [
        ("2025-10-11", "", "đủ ngày đầu và ngày cuối"),
        ("", "2025-10-11", "đủ ngày đầu và ngày cuối"),
        ("2025-10-12", "2025-10-11", "trước ngày đầu"),
    ],
)
async def test_half_a_period_asks_nothing_and_says_which_figures_are_shown(
    city: Desk, page: Look, from_day: str, to_day: str, why: str
) -> None:
    told = page("typing", **{"from": from_day, "to": to_day})

    assert why in told["notice"]
    assert "mất kết nối" not in told["state"]
    assert told["asked"].startswith("01/01/2020 – ")


async def test_days_of_a_campaign_are_seen_though_something_came_long_after(
    city: Desk, page: Look
) -> None:
    await tell_of_a_campaign(city)

    told = page("told", f"?ward={CHO_LON}@2025-07-01&period=own&from=2025-10-01&to=2025-11-30")

    assert told["bars"] == 45
    assert "11/10/2025" in told["ward"]


async def test_wards_that_are_counted_anew_are_told_in_a_line(city: Desk, page: Look) -> None:
    before = page("told")
    city.remaking = 12
    after = page("told")

    assert before["remaking"] is False
    assert after["remaking"] == "đang tính lại 12 đơn vị"


async def test_nothing_of_a_table_is_stuck_or_cut_on_paper(city: Desk, page: Look) -> None:
    await tell_of_a_campaign(city)

    printed = page("printed")

    assert printed == {"stuck": 0, "cut": 0}


async def test_what_looks_recorded_twice_is_counted_and_listed_with_what_to_do(
    city: Desk, page: Look
) -> None:
    await city.tell(
        *(event(HouseholdVisited, at=SATURDAY + n * timedelta(seconds=9)) for n in (0, 1))
    )

    [quality] = page("rows", table="#quality")["rows"]
    [doubt] = page("rows", table="#doubts")["rows"]

    assert quality[:2] == ["Phường Chợ Lớn", "1"]
    assert doubt[:2] == ["Phường Chợ Lớn", "Nghi ghi hai lần"]
    assert "event.voided.v1" in doubt[-1]
