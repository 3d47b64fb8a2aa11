"""Who reads what: each role, each route of the three services, its own ward or another's.

What is expected is written from the declarations and tried over HTTP; a route without one fails.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi import APIRouter, FastAPI
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute

from services.notify.access.ended import ended_of
from services.notify.campaigns.api import campaigns_router
from services.notify.http.notifications import reading_router
from services.notify.operations.api import operations_router
from services.notify.wiring import webhooks_of
from services.platform.access.auth import Claims, ReaderDoor, sign
from services.platform.access.readers import PUBLIC, READ_BY, Matter
from services.platform.clock import utc_now
from services.platform.http.app import create_app
from services.platform.problems import NOT_FOUND, Problem
from services.registration.access.authentication import (
    Authenticate,
    AuthenticateRole,
    AuthenticateStaff,
)
from services.registration.citizens import api as citizens
from services.registration.citizens.reading import CitizenReader
from services.registration.citizens.refused_bodies import RefusedBodies
from services.registration.documents import nobody
from services.registration.intake.outcome import Outcomes
from services.registration.main import Registration
from services.registration.requests import api as requests
from services.registration.requests.waiting import Waiting
from services.registration.subjects.actor import STAFF, Role
from services.reporting.api import routers as reporting_routers
from tests.builders import CHO_LON, HOA_HUNG
from tests.notify.test_api import told as notify_settings
from tests.notify.test_operations import WithState
from tests.platform.test_auth import PRIVATE, Settings, no_lifespan
from tests.platform.test_auth import PUBLIC as PUBLIC_KEY
from tests.registration.access.gate import API, Gate, told
from tests.registration.citizens.people import KEYS
from tests.reporting.books import books_in_memory
from tests.reporting.desk import deps_of
from tests.twins.ended_access import EndedAccessesTwin
from tests.twins.event_log import EventLogTwin
from tests.twins.refused_body_store import MemoryRefusedBodyStore
from tests.twins.row_store import MemoryRowStore

PEOPLE = [role for role in Role if role not in (Role.PUBLIC, Role.SYSTEM)]
"""Who comes in with a token."""
OF_A_WARD = frozenset({Role.WARD, Role.WARD_LEADER, Role.VOLUNTEER, Role.KIOSK, Role.INTEGRATOR})
OPEN = {"/livez", "/readyz", "/metrics", "/problems", "/", "/api/reporting/v1/reports/{name}"}
"""Nothing of anybody: what an operator's tools ask, the page, and a name that is no report."""
PROOF_ENOUGH = {("POST", f"{API}/sessions"), ("POST", f"{API}/devices"), ("GET", f"{API}/about")}
"""A password, a code; and what a page must know before anybody has signed in."""


def notify(folder: Path) -> list[APIRouter]:
    """Its routes for people."""
    settings = notify_settings(folder, anonymous_reading=False, token_public_key=PUBLIC_KEY)
    return [one(settings) for one in (reading_router, operations_router, campaigns_router)]


def reporting() -> list[APIRouter]:
    """On stores in memory, with the real doors."""
    door: Callable[[Matter], ReaderDoor] = partial(ReaderDoor, Settings(), "reporting")
    return reporting_routers(deps_of(books_in_memory(), door, utc_now))


@dataclass(frozen=True)
class Served:
    """A service for people, built once: nothing that these tests ask for changes it."""

    audience: str
    routers: Sequence[APIRouter]
    app: FastAPI


@pytest.fixture(scope="module")
def for_people(tmp_path_factory: pytest.TempPathFactory) -> list[Served]:
    """Notify, and reporting."""
    routers = {"notify": notify(tmp_path_factory.mktemp("notify")), "reporting": reporting()}
    return [Served(name, of, app_of(of)) for name, of in routers.items()]


class Missing:
    """A part that is not there: whoever is let in hears so."""

    def __getattr__(self, name: str) -> object:
        raise Problem(NOT_FOUND)


def app_of(routers: Sequence[APIRouter]) -> FastAPI:
    """With no parts behind the routers but what they were handed."""
    app = create_app(title="t", lifespan=no_lifespan, routers=routers, checks={})
    parts = dict.fromkeys(("ledger", "operations", "routes", "campaigns"), Missing())
    app.add_middleware(WithState, {**parts, "ended": EndedAccessesTwin(), "clock": utc_now})
    return app


def routes_of(routers: Sequence[APIRouter]) -> list[tuple[str, APIRoute]]:
    """By method; none at all would prove nothing."""
    found = [
        (method, route)
        for router in routers
        for route in router.routes
        if isinstance(route, APIRoute)
        if route.path not in OPEN and not route.path.startswith("/page/")
        for method in sorted(route.methods or ())
    ]
    assert len(found) > 4
    return found


def doors_of(dependant: Dependant) -> Iterator[Any]:
    """All through which a request must pass."""
    for needed in dependant.dependencies:
        if isinstance(needed.call, ReaderDoor | Authenticate | AuthenticateStaff):
            yield needed.call
        yield from doors_of(needed)


def read_by(door: ReaderDoor) -> frozenset[str]:
    """Roles that the declaration lets in, as people of a ward or of the city are."""
    allowed = READ_BY[door.matter] - PUBLIC
    return allowed - OF_A_WARD if door.whole_city else allowed


def addressed(path: str) -> str:
    return path.replace("{citizen_id}", "c-1").replace("{", "").replace("}", "")


@pytest.mark.parametrize("role", PEOPLE)
async def test_each_role_is_let_in_where_the_table_of_matters_says(
    role: Role, for_people: list[Served]
) -> None:
    for served in for_people:
        wards = (CHO_LON,) if role in OF_A_WARD else None
        claims = Claims(sub=f"/user/{role.replace('_', '-')}", role=role.value, wards=wards)
        token = sign(claims, served.audience, PRIVATE, utc_now())  # type: ignore[arg-type]
        transport = httpx.ASGITransport(served.app, raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url="http://t") as http:
            http.headers["Authorization"] = f"Bearer {token}"
            for method, route in routes_of(served.routers):
                [door] = set(doors_of(route.dependant))
                answer = await http.request(method, addressed(route.path), params={"nothing": "1"})
                expected = role.value in read_by(door)
                assert answer.status_code != 401
                assert (answer.status_code != 403) == expected, (method, route.path)


@pytest.mark.parametrize("role", [Role.WARD, Role.WARD_LEADER])
async def test_a_ward_reads_its_own_figures_and_no_other_wards(
    role: Role, for_people: list[Served]
) -> None:
    _, served = for_people
    claims = Claims(sub="/user/u-1", role=role.value, wards=(CHO_LON,))
    headers = {"Authorization": f"Bearer {sign(claims, 'reporting', PRIVATE, utc_now())}"}
    transport = httpx.ASGITransport(served.app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://t", headers=headers) as http:
        for _, route in routes_of(served.routers):
            if route.path.endswith(("/reports", "/reader", "/facts", "/tally")):
                continue  # of no ward; a number's facts and a tally name their ward
            own = await http.get(route.path, params={"ward": CHO_LON})
            another = await http.get(route.path, params={"ward": HOA_HUNG})
            assert (own.status_code, another.status_code) == (200, 403), route.path


def test_no_route_of_reporting_or_notify_is_without_its_one_door(
    for_people: list[Served], tmp_path: Path
) -> None:
    called_by_providers = {
        route.path
        for router in webhooks_of(notify_settings(tmp_path))
        for route in router.routes
        if isinstance(route, APIRoute)
    }

    for served in for_people:
        for method, route in routes_of(served.routers):
            found = [type(one) for one in doors_of(route.dependant)]
            assert found == [ReaderDoor], (method, route.path)
            assert method != "POST" or route.path not in called_by_providers


def test_the_table_of_matters_knows_the_roles_that_there_are() -> None:
    named = set().union(*READ_BY.values())

    assert READ_BY.keys() == set(Matter)
    assert named <= {role.value for role in Role}
    assert Role.ADMIN.value not in READ_BY[Matter.PERSONS] | READ_BY[Matter.WORDS]
    for role in (Role.VOLUNTEER, Role.KIOSK, Role.INTEGRATOR):
        assert {m for m, roles in READ_BY.items() if role.value in roles} == {Matter.TALLY}


class City(Gate):
    """Registration's access, with all that is read of persons behind it."""

    def __init__(self) -> None:
        super().__init__()
        log, kept = EventLogTwin(), RefusedBodies(MemoryRefusedBodyStore(), KEYS)
        reader = CitizenReader(MemoryRowStore(), self.rows, KEYS)
        recorded, access = Outcomes(log, kept).recorded, self.access
        waiting = Waiting(self.rows, lambda: self.now)
        self.routers = [
            *access.routers,
            citizens.router(reader, kept, recorded, access.persons, access.note),
            requests.router(waiting, access.persons),
        ]
        self.http = httpx.AsyncClient(
            transport=httpx.ASGITransport(app_of(self.routers)),
            base_url="https://registration.test" + API,
        )
        self.place("service_point", "point-1")

    async def whoever(self, role: Role) -> dict[str, str]:
        """The header of somebody new with that role."""
        match role:
            case Role.VOLUNTEER:
                return await self.phone(await self.coordinator())
            case Role.INTEGRATOR | Role.KIOSK:
                return await self._machine(role)
            case Role.WARD | Role.WARD_LEADER:
                return await self.bearer(f"x.{role.value}", role, CHO_LON)
            case _:
                return await self.bearer(f"x.{role.value}", role)

    async def _machine(self, role: Role) -> dict[str, str]:
        of_its_kind = (
            {"service_point_id": "point-1"}
            if role is Role.KIOSK
            else {"types": ["citizen.assisted.v1"]}
        )
        asked = {"kind": role.value, "name": "t", "wards": [CHO_LON], "valid_to": "2026-12-31"}
        by = await self.bearer("x.maker", Role.ADMIN)
        made = await self.http.post("/keys", json=asked | of_its_kind, headers=by)
        return {"Authorization": f"Bearer {made.json()['token']}"}


@cache
def registration() -> Sequence[APIRouter]:
    """All its routes."""
    return Registration(nobody()).routers


def let_in(door: Authenticate | AuthenticateStaff) -> frozenset[Role]:
    """Roles that the declaration lets in."""
    if isinstance(door, AuthenticateRole):
        return door.roles
    return STAFF if isinstance(door, AuthenticateStaff) else frozenset(PEOPLE)


@pytest.mark.parametrize("role", PEOPLE)
async def test_each_role_is_let_in_by_registration_where_its_doors_say(role: Role) -> None:
    city = City()
    own = await city.whoever(role)
    last = f"{API}/sessions"
    in_order = sorted(routes_of(city.routers), key=lambda one: one[1].path == last)

    for method, route in in_order:
        if (method, route.path) in PROOF_ENOUGH:
            continue
        [door] = set(doors_of(route.dependant))
        path = addressed(route.path.removeprefix(API))
        answer = await city.http.request(method, path, headers=own)
        expected = role in let_in(door)
        assert answer.status_code != 401
        assert (told(answer) != "forbidden") == expected, (method, route.path)
    await city.http.aclose()


@pytest.mark.parametrize("role", [Role.WARD, Role.WARD_LEADER])
async def test_a_ward_reads_nothing_of_another_wards_persons_and_machines(role: Role) -> None:
    city = City()
    own = await city.whoever(role)

    for method, route in routes_of(city.routers):
        [door] = set(doors_of(route.dependant)) or {None}
        asks = {parameter.alias for parameter in route.dependant.query_params}
        if isinstance(door, AuthenticateRole) and "ward" in asks:
            path = route.path.removeprefix(API)
            here = await city.http.request(method, path, params={"ward": CHO_LON}, headers=own)
            there = await city.http.request(method, path, params={"ward": HOA_HUNG}, headers=own)
            assert (told(here), told(there)) == ("200", "forbidden"), path
    await city.http.aclose()


def test_each_route_of_registration_has_its_door() -> None:
    for method, route in routes_of(registration()):
        found = list(doors_of(route.dependant))
        is_open = (method, route.path) in PROOF_ENOUGH
        assert bool(found) != is_open, (method, route.path)


def test_only_whoever_may_read_persons_reads_a_citizen_or_a_refused_body() -> None:
    persons = {f"{API}/citizens/{{citizen_id}}", f"{API}/refused-events", f"{API}/open-requests"}

    for _, route in routes_of(registration()):
        if route.path in persons:
            [door] = set(doors_of(route.dependant))
            assert {role.value for role in let_in(door)} == READ_BY[Matter.PERSONS] - PUBLIC


def test_every_route_of_notify_asks_whether_its_access_has_ended(
    for_people: list[Served],
) -> None:
    served, _ = for_people
    without = {
        (method, route.path)
        for method, route in routes_of(served.routers)
        if ended_of not in set(calls_of(route.dependant))
    }

    assert without == set()


def calls_of(dependant: Dependant) -> Iterator[Any]:
    """All that is asked before a request is answered."""
    for needed in dependant.dependencies:
        yield needed.call
        yield from calls_of(needed)
