"""The directory that phones keep."""

from datetime import UTC, date, datetime, timedelta

import httpx
import pytest

from services.events.neighbourhoods import NeighbourhoodDissolved, NeighbourhoodRegistered
from services.events.service_points import ServicePointClosed, ServicePointOpened
from services.events.teams import TeamDeployed, TeamDisbanded, TeamFormed
from services.platform.problems import UNKNOWN_WARD
from services.registration.directory.api import router
from services.registration.directory.nearby import PAGE
from services.registration.directory.rules import (
    WARD_NOT_VALID_THEN,
    ward_problem,
)
from services.registration.neighbourhoods.rules import NEIGHBOURHOOD
from services.registration.service_points.rules import SERVICE_POINT
from services.registration.slices import KINDS
from services.registration.teams.rules import TEAM
from tests.builders import CHO_LON, HOA_HUNG, SATURDAY, event
from tests.registration.reading import client, ids, rows_of

NOW = datetime(2025, 10, 20, 9, 0, tzinfo=UTC)
LATER = SATURDAY + timedelta(days=1)
MARCH = SATURDAY - timedelta(days=200)
ROWS = rows_of(
    (NEIGHBOURHOOD, event(NeighbourhoodRegistered, subject="kp-10", name="Khu phố 10")),
    (NEIGHBOURHOOD, event(NeighbourhoodRegistered, subject="kp-2", name="Khu phố 2")),
    (
        NEIGHBOURHOOD,
        event(NeighbourhoodRegistered, subject="kp-0"),
        event(NeighbourhoodDissolved, subject="kp-0", valid_to="2025-10-12", at=LATER),
    ),
    (TEAM, event(TeamFormed), event(TeamDeployed, at=LATER, places=["kp-2"])),
    (
        TEAM,
        event(TeamFormed, subject="team-2"),
        event(TeamDisbanded, subject="team-2", at=LATER),
    ),
    (TEAM, event(TeamFormed, subject="team-3", ward=HOA_HUNG)),
    (SERVICE_POINT, event(ServicePointOpened, subject="point-1", ward="26758", at=MARCH)),
    (
        SERVICE_POINT,
        event(ServicePointOpened, subject="point-2", ward="26758", at=MARCH),
        event(ServicePointClosed, subject="point-2", ward="26758"),
    ),
    (SERVICE_POINT, event(ServicePointOpened, subject="point-3", ward="26746", at=MARCH)),
)


def directory() -> httpx.AsyncClient:
    return client(router(ROWS, KINDS.values(), lambda: NOW))


async def test_a_phone_gets_all_it_needs_in_one_document() -> None:
    async with directory() as http:
        document = (await http.get("/directory", params={"ward": CHO_LON})).json()

    assert len(document["wards"]) == 168
    assert {"code": "etax", "vi": "eTax Mobile", "en": "eTax Mobile"} in document["catalogue"][
        "Service"
    ]
    nearby = document["nearby"]
    assert nearby["ward"]["key"] == "27343@2025-07-01"
    assert ids(nearby["neighbourhoods"]) == ["kp-2", "kp-10"]
    assert ids(nearby["teams"]) == ["team-1"]
    assert nearby["teams"][0]["deployments"][0]["places"] == ["kp-2"]


async def test_what_has_ended_is_shown_for_the_days_when_it_was_there() -> None:
    async with directory() as http:
        then = {"ward": CHO_LON, "on": "2025-10-12"}
        nearby = (await http.get("/directory", params=then)).json()["nearby"]

    assert "kp-0" in ids(nearby["neighbourhoods"])
    assert ids(nearby["teams"]) == ["team-1", "team-2"]


async def test_an_open_point_of_an_old_ward_is_found_in_the_ward_that_took_it_in() -> None:
    async with directory() as http:
        cau_ong_lanh = (await http.get("/directory", params={"ward": "26758"})).json()["nearby"]
        in_march = {"ward": "26758", "on": "2025-03-25"}
        nguyen_cu_trinh = (await http.get("/directory", params=in_march)).json()["nearby"]

    assert ids(cau_ong_lanh["service_points"]) == ["point-1"]
    assert nguyen_cu_trinh["ward"]["name"] == "Phường Nguyễn Cư Trinh"
    assert ids(nguyen_cu_trinh["service_points"]) == ["point-1", "point-2"]


@pytest.mark.parametrize("successor", ["26740", "26743"])
async def test_a_point_of_a_split_ward_is_found_in_each_successor(successor: str) -> None:
    async with directory() as http:
        nearby = (await http.get("/directory", params={"ward": successor})).json()["nearby"]

    assert ids(nearby["service_points"]) == ["point-3"]


async def test_a_ward_with_more_rows_than_a_page_is_shown_whole() -> None:
    many = PAGE + 1
    registered = (event(NeighbourhoodRegistered, subject=f"kp-{n}") for n in range(many))
    rows = rows_of(*((NEIGHBOURHOOD, each) for each in registered))

    async with client(router(rows, KINDS.values(), lambda: NOW)) as http:
        nearby = (await http.get("/directory", params={"ward": CHO_LON})).json()["nearby"]

    assert len(nearby["neighbourhoods"]) == many


async def test_a_phone_that_has_the_directory_hears_304_and_else_gets_it_compressed() -> None:
    async with directory() as http:
        first = await http.get("/directory", params={"ward": CHO_LON})
        same = {"If-None-Match": first.headers["etag"]}
        again = await http.get("/directory", params={"ward": CHO_LON}, headers=same)
        elsewhere = await http.get("/directory", params={"ward": HOA_HUNG}, headers=same)
        plain = await http.get("/directory", headers={"Accept-Encoding": "identity"})

    assert first.headers["content-encoding"] == "gzip"
    assert int(first.headers["content-length"]) < 20_000
    assert (again.status_code, again.content) == (304, b"")
    assert elsewhere.status_code == 200
    assert "content-encoding" not in plain.headers


async def test_wards_are_listed_in_vietnamese_order_and_found_without_accents() -> None:
    async with directory() as http:
        names = [w["short_name"] for w in (await http.get("/wards")).json()["wards"]]
        [hoa_hung] = (await http.get("/wards", params={"search": "HOA hưng"})).json()["wards"]
        before = (await http.get("/wards", params={"on": "2025-06-30"})).json()["wards"]

    assert len(names) == 168
    assert names.index("Dĩ An") < names.index("Đông Hòa") < names.index("Gia Định")
    assert hoa_hung["code"] == HOA_HUNG
    assert len(before) == 441


async def test_one_ward_names_those_before_it_and_which_came_only_in_part() -> None:
    async with directory() as http:
        sai_gon = (await http.get("/wards/26740")).json()
        ben_nghe = (await http.get("/wards/26740", params={"on": "2025-06-30"})).json()

    assert sai_gon["name"] == "Phường Sài Gòn"
    assert {p["ward"]["name"]: p["split"] for p in sai_gon["predecessors"]} == {
        "Phường Bến Nghé": False,
        "Phường Đa Kao": True,
        "Phường Nguyễn Thái Bình": True,
    }
    assert [s["ward"]["key"] for s in ben_nghe["successors"]] == ["26740@2025-07-01"]


async def test_the_succession_has_493_steps_and_shows_the_splits() -> None:
    async with directory() as http:
        steps = (await http.get("/succession")).json()["steps"]

    assert len(steps) == 493
    assert len({step["old"] for step in steps if step["split"]}) == 47


async def test_the_catalogue_names_every_list_of_codes() -> None:
    async with directory() as http:
        catalogue = (await http.get("/catalogue")).json()["catalogue"]

    assert {"Service", "Group", "TeamKind", "NeighbourhoodKind", "PhoneOwner"} <= catalogue.keys()
    assert [code["code"] for code in catalogue["Outcome"]] == [
        "understood",
        "can_do",
        "using",
        "not_done",
    ]


@pytest.mark.parametrize(
    ("path", "code"), [("/wards/99999", "unknown_ward"), ("/wards/760", "ward_not_valid_then")]
)
async def test_a_ward_that_is_none_is_said_to_be_none(path: str, code: str) -> None:
    async with directory() as http:
        answer = await http.get(path)

    assert (answer.status_code, answer.json()["code"]) == (422, code)


def test_an_events_ward_must_have_existed_on_its_day() -> None:
    last_old, first_new = date(2025, 6, 30), date(2025, 7, 1)

    assert ward_problem("27343", first_new) is None
    assert ward_problem("760", last_old) is None
    assert ward_problem("760", first_new) is WARD_NOT_VALID_THEN
    assert ward_problem("79", last_old) is None
    assert ward_problem("00000", first_new) is UNKNOWN_WARD
