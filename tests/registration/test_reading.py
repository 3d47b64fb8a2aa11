"""Teams, neighbourhoods, organisations and points as they are read."""

import pytest
from fastapi import APIRouter

from services.events.neighbourhoods import NeighbourhoodRegistered
from services.events.organisations import OrganisationRegistered
from services.events.service_points import ServicePointOpened
from services.events.teams import TeamFormed, TeamMemberJoined
from services.registration.neighbourhoods.rules import NEIGHBOURHOOD
from services.registration.organisations.rules import ORGANISATION
from services.registration.service_points.rules import SERVICE_POINT
from services.registration.subjects.reading import resource
from services.registration.teams.rules import TEAM
from tests.builders import HOA_HUNG, event
from tests.registration.reading import client, ids, rows_of
from tests.twins.rows import RowsTwin

NEIGHBOURHOODS = [event(NeighbourhoodRegistered, subject=f"khu-pho-{n}") for n in range(5)]
ROWS = rows_of(
    (TEAM, event(TeamFormed), event(TeamMemberJoined)),
    (TEAM, event(TeamFormed, subject="team-2", ward=HOA_HUNG)),
    (ORGANISATION, event(OrganisationRegistered)),
    (SERVICE_POINT, event(ServicePointOpened, main=True)),
    *((NEIGHBOURHOOD, registered) for registered in NEIGHBOURHOODS),
)


async def test_a_team_is_read_with_its_members() -> None:
    async with client(resource(ROWS, TEAM)) as http:
        answer = await http.get("/teams/team-1")

    assert answer.status_code == 200
    team = answer.json()
    assert (team["id"], team["ward"], team["since"]) == ("team-1", "27343", "2025-10-11")
    assert [member["member_id"] for member in team["members"]] == ["tnv-1"]


@pytest.mark.parametrize(
    ("router", "path"),
    [
        (resource(ROWS, ORGANISATION), "/organisations/organisation-1"),
        (resource(ROWS, SERVICE_POINT), "/service_points/point-1"),
        (resource(ROWS, NEIGHBOURHOOD), "/neighbourhoods/khu-pho-0"),
    ],
)
async def test_each_kind_is_read_by_its_id(router: APIRouter, path: str) -> None:
    async with client(router) as http:
        answer = await http.get(path)

    assert answer.json()["id"] == path.rpartition("/")[2]


async def test_what_nobody_recorded_is_not_found() -> None:
    async with client(resource(ROWS, TEAM)) as http:
        answer = await http.get("/teams/team-9")

    assert answer.status_code == 404
    assert answer.json()["code"] == "not_found"


async def test_teams_are_listed_by_ward() -> None:
    async with client(resource(ROWS, TEAM)) as http:
        everywhere = (await http.get("/teams")).json()
        in_hoa_hung = (await http.get("/teams", params={"ward": HOA_HUNG})).json()

    assert ids(everywhere["items"]) == ["team-1", "team-2"]
    assert ids(in_hoa_hung["items"]) == ["team-2"]


async def test_a_cursor_leads_through_a_list_to_its_end() -> None:
    seen: list[str] = []
    async with client(resource(ROWS, NEIGHBOURHOOD)) as http:
        cursor: str | None = ""
        while cursor is not None:
            params: dict[str, str | int] = {"limit": 2, "after": cursor}
            page = (await http.get("/neighbourhoods", params=params)).json()
            seen += ids(page["items"])
            cursor = page["next"]

    assert seen == [f"khu-pho-{n}" for n in range(5)]


async def test_an_unchanged_row_is_not_sent_again() -> None:
    rows = RowsTwin()
    rows.rows.update(ROWS.rows)
    async with client(resource(rows, TEAM)) as http:
        first = await http.get("/teams/team-1")
        same = {"If-None-Match": first.headers["etag"]}
        again = await http.get("/teams/team-1", headers=same)
        rows.rows |= rows_of((TEAM, event(TeamFormed, name="Tên mới"))).rows
        changed = await http.get("/teams/team-1", headers=same)

    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["etag"] == first.headers["etag"]
    assert (changed.status_code, changed.json()["name"]) == (200, "Tên mới")


@pytest.mark.parametrize("query", ["ward=1", "limit=0", "limit=501", "after=%00", "ward=27343%0a"])
async def test_a_query_that_is_not_right_is_refused(query: str) -> None:
    async with client(resource(ROWS, TEAM)) as http:
        assert (await http.get(f"/teams?{query}")).status_code == 422
