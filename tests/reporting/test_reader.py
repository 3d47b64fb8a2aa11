"""A page is told who looks, and at what."""

import pytest

from services.platform.access.auth import Reader
from tests.builders import CHO_LON, HOA_HUNG
from tests.reporting.desk import Desk


def staff(*wards: str, role: str = "ward") -> Reader:
    return Reader("/user/u-1", role, frozenset(wards))


async def test_whoever_needs_no_account_looks_at_the_whole_city(desk: Desk) -> None:
    told = (await desk.get("reader")).json()

    assert (told["anonymous"], told["wards"]) == (True, None)


async def test_the_centre_looks_at_the_whole_city_by_name(desk: Desk) -> None:
    desk.reader = Reader("/user/u-2", "centre", None)

    told = (await desk.get("reader")).json()

    assert told == {"role": "centre", "anonymous": False, "wards": None}


@pytest.mark.parametrize(
    ("wards", "named"),
    [
        ((CHO_LON,), ["Phường Chợ Lớn"]),
        ((HOA_HUNG, CHO_LON), ["Phường Chợ Lớn", "Phường Hòa Hưng"]),
        (("26740",), ["Phường Sài Gòn"]),
        ((), []),
    ],
)
async def test_staff_of_wards_look_at_these_in_vietnamese_order(
    desk: Desk, wards: tuple[str, ...], named: list[str]
) -> None:
    desk.reader = staff(*wards)

    told = (await desk.get("reader")).json()

    assert [ward["name"] for ward in told["wards"]] == named


@pytest.mark.parametrize("role", ["volunteer", "kiosk", "integrator"])
async def test_who_reads_no_figures_is_told_so(desk: Desk, role: str) -> None:
    desk.reader = staff(CHO_LON, role=role)

    assert await desk.problem("reader") == (403, "forbidden")
