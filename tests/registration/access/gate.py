"""Access over HTTP and twins: what staff, phones and other systems send and hear."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from copy import copy
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Annotated, Any

import httpx
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)
from fastapi import APIRouter, Depends, FastAPI
from pydantic import SecretStr
from starlette.types import Receive, Scope, Send

from services.events.envelope import Event
from services.platform.http.app import create_app
from services.platform.problems import Problem
from services.registration.access.authentication import CSRF_HEADER, Authenticate, AuthenticateStaff
from services.registration.access.passwords import Passwords
from services.registration.access.wiring import Access
from services.registration.subjects.actor import Actor, Role
from services.registration.subjects.rows import Row
from tests.builders import CHO_LON
from tests.shared_app import Asking
from tests.twins.access_store import AccessStoreTwin
from tests.twins.rows import RowsTwin

API = "/api/registration/v1"
NOW = datetime(2026, 11, 20, 2, tzinfo=UTC)
PASSWORD = "bình-dân-học-vụ-số"
TEAM = "team-1"


@cache
def key_pair() -> tuple[str, str]:
    """Private and public, PEM."""
    key = Ed25519PrivateKey.generate()
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    public = key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    return private.decode(), public.decode()


def quick_passwords() -> Passwords:
    """The real ones, at the least cost that argon2 takes."""
    return Passwords(memory_kib=8, rounds=1)


@dataclass(frozen=True)
class Settings:
    device_rate: float = 1_000.0
    payload_key: bytes = b"k" * 32
    first_password_h: float = 24.0

    @property
    def token_private_key(self) -> SecretStr:
        return SecretStr(key_pair()[0])


@dataclass
class Verdict:
    """What intake would find."""

    source: str
    role: str
    covers: bool
    code: str | None = None
    may_post: bool = False


class Gate:
    """One registration's access with a clock of its own."""

    def __init__(self, settings: Settings | None = None) -> None:
        self.now = NOW
        self.store = AccessStoreTwin()
        self.rows = RowsTwin()
        self.access = Access(
            self.store, self.rows, settings or Settings(), lambda: self.now, quick_passwords()
        )
        self.event: Event | None = None
        self.http = httpx.AsyncClient(
            transport=httpx.ASGITransport(self._serve), base_url="https://registration.test" + API
        )
        self.form_team(TEAM)

    def form_team(self, team_id: str, *, ward: str = CHO_LON, **more: Any) -> None:
        """A team as its history would have left it."""
        self.place("team", team_id, ward=ward, **more)

    def place(
        self, kind: str, id_: str, *, ward: str = CHO_LON, since: str = "2025-07-01", **more: Any
    ) -> None:
        """A row."""
        state: dict[str, Any] = {"ward": ward, "since": since, **more}
        self.rows.rows[kind, id_] = Row(kind, id_, ward, state)

    def browser(self, host: str) -> httpx.AsyncClient:
        """Another one, at this address, with cookies of its own."""
        transport = httpx.ASGITransport(self._serve, client=(host, 40_000))
        return httpx.AsyncClient(transport=transport, base_url=str(self.http.base_url))

    def later(self, **by: float) -> None:
        """The clock goes on."""
        self.now += timedelta(**by)

    async def user(self, name: str, role: Role, *wards: str) -> str:
        """Somebody with the usual password; their id."""
        user = await self.access.accounts.add(name, role, wards or None, PASSWORD, "/registration")
        return user.id

    async def bearer(self, name: str, role: Role, *wards: str) -> dict[str, str]:
        """A new user who is signed in: the header of a script."""
        await self.user(name, role, *wards)
        given = {"name": name, "password": PASSWORD, "use": "bearer"}
        answer = await self.http.post("/sessions", json=given)
        return authorization(answer.json()["token"])

    async def coordinator(self, *wards: str) -> dict[str, str]:
        """Of these wards, else of Chợ Lớn."""
        wards = wards or (CHO_LON,)
        return await self.bearer("dieuphoi." + "-".join(wards), Role.WARD, *wards)

    async def admin(self) -> dict[str, str]:
        return await self.bearer("quantri", Role.ADMIN)

    async def code(self, by: dict[str, str], team: str = TEAM) -> str:
        answer = await self.http.post("/enrolments", json={"team_id": team}, headers=by)
        assert answer.status_code == 201, answer.text
        return str(answer.json()["code"])

    async def device(self, by: dict[str, str], team: str = TEAM) -> dict[str, str]:
        """What an enrolled phone was told: `device_id`, `token`, `source` …"""
        answer = await self.http.post("/devices", json={"code": await self.code(by, team)})
        assert answer.status_code == 201, answer.text
        told: dict[str, str] = answer.json()
        return told

    async def phone(self, by: dict[str, str], team: str = TEAM) -> dict[str, str]:
        """The header of an enrolled phone."""
        return authorization((await self.device(by, team))["token"])

    async def post(self, event: Event, by: dict[str, str]) -> Verdict:
        """What intake would find about the poster and this event."""
        self.event = event
        answer = await self.http.post("/events", headers=by)
        return Verdict(**answer.json()) if answer.status_code == 200 else _refused(answer)

    async def code_of(self, method: str, path: str, by: dict[str, str] | None = None) -> str:
        """The status of an answer, or its problem's code."""
        return told(await self.http.request(method, path, headers=by or {}))

    async def _serve(self, scope: Scope, receive: Receive, send: Send) -> None:
        ASKING.now = self
        await _app()(scope, receive, send)


ASKING = Asking[Gate]()


@cache
def _app() -> FastAPI:
    """Over the access of whichever gate asks."""
    access = copy(ASKING.now.access)
    vars(access).update({name: _late(name, part) for name, part in vars(access).items()})
    routers = [*access.routers, _probe(access.authenticate)]
    return create_app(title="access", lifespan=_no_lifespan, routers=routers, checks={})


def _late(name: str, part: object) -> object:
    """FastAPI reads off a door what kind it is, so a door stays one."""
    if not isinstance(part, Authenticate | AuthenticateStaff):
        return ASKING.part(lambda gate: getattr(gate.access, name))
    door = copy(part)
    door._porter = ASKING.part(lambda gate: getattr(gate.access, name)._porter)
    return door


def _probe(authenticate: Authenticate) -> APIRouter:
    """Stands where intake stands, with the same dependency."""
    routes = APIRouter(prefix=API, tags=["probe"])
    Poster = Annotated[Actor, Depends(authenticate)]  # noqa: N806

    @routes.post("/events")
    async def post(actor: Poster) -> Verdict:
        event = ASKING.now.event
        try:
            covers = event is None or actor.covers(event)
        except Problem as refusal:
            return Verdict(actor.source, actor.role, False, refusal.kind.code)
        may_post = event is None or actor.may_post_as(event.source)
        return Verdict(actor.source, actor.role, covers, may_post=may_post)

    @routes.get("/teams")
    async def read(actor: Poster) -> str:
        return actor.source

    return routes


def authorization(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


def with_csrf(session: httpx.Response) -> dict[str, str]:
    """What a page sends with a write."""
    return {CSRF_HEADER: session.json()["csrf_token"]}


def told(answer: httpx.Response) -> str:
    """The status, or the problem's code."""
    return str(answer.json()["code"]) if answer.is_error else str(answer.status_code)


def _refused(answer: httpx.Response) -> Verdict:
    return Verdict("", "", False, answer.json()["code"])


@asynccontextmanager
async def _no_lifespan(_: FastAPI) -> AsyncIterator[None]:
    yield
