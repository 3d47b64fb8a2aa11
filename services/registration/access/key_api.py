"""Keys of other systems and of kiosks, and the short tokens for the other services."""

from collections.abc import Awaitable, Callable
from datetime import date, datetime
from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Response
from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from services.events.envelope import Day, Id, Text, WardCode
from services.events.registry import BY_TYPE
from services.platform.access.auth import LIFETIME, Audience, Claims, sign
from services.platform.clock import Clock
from services.platform.http.app import problem_responses
from services.platform.http.repeating import Command, IdempotencyKey, Repeats
from services.registration.access.actor import AnyActor, Staff
from services.registration.access.device_api import wards_asked
from services.registration.access.keys import ApiKeys, Wanted, last_day
from services.registration.access.records import Key
from services.registration.access.token_store import TokenStore
from services.registration.intake.anonymous import NO_NUMBER
from services.registration.subjects.actor import Role
from services.registration.subjects.reading import API, Cursor, IdInPath, Limit, Page

StaffBy = Callable[..., Awaitable[Staff]]


def _known(name: str) -> str:
    if name not in BY_TYPE:
        raise ValueError("no such type")
    return name


KnownType = Annotated[
    str,
    AfterValidator(_known),
    Field(json_schema_extra={"enum": sorted(BY_TYPE)}),
]
LastDay = Annotated[Day, Field(description="The last day, included")]


class _Posted(BaseModel):
    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)


class NewIntegratorKey(_Posted):
    """For another system; no `wards`: the whole city."""

    kind: Literal[Role.INTEGRATOR]
    name: Annotated[Text, NO_NUMBER]
    types: Annotated[list[KnownType], Field(min_length=1, max_length=100)]
    wards: Annotated[list[WardCode], Field(min_length=1, max_length=200)] | None = None
    valid_to: LastDay


class NewKioskKey(_Posted):
    """For a machine at one service point, in that point's ward."""

    kind: Literal[Role.KIOSK]
    name: Annotated[Text, NO_NUMBER]
    wards: Annotated[list[WardCode], Field(min_length=1, max_length=1)]
    service_point_id: Id
    valid_to: LastDay


NewKey = Annotated[NewIntegratorKey | NewKioskKey, Field(discriminator="kind")]


class KeyView(BaseModel):
    """A key as staff see it."""

    id: str
    source: str
    kind: Role
    name: str
    types: tuple[str, ...]
    wards: tuple[str, ...] | None
    service_point_id: str | None
    valid_to: date
    made_at: datetime
    made_by: str
    revoked_at: datetime | None


class MadeKey(BaseModel):
    """The token is told once."""

    key: KeyView
    token: str


class TokenAsked(_Posted):
    """Which service is to be read."""

    audience: Audience


class ShortToken(BaseModel):
    """A bearer token for one service."""

    token: str
    ends_at: datetime


def key_router(keys: ApiKeys, store: TokenStore, repeats: Repeats, staff: StaffBy) -> APIRouter:
    """`/keys`."""
    routes = APIRouter(prefix=API, tags=["keys"])

    @routes.post(
        "/keys", status_code=201, responses=problem_responses(401, 403, 404, 409, 422, 429, 503)
    )
    async def make(
        given: NewKey,
        by: Annotated[Staff, Depends(staff)],
        response: Response,
        idempotency_key: IdempotencyKey = None,
    ) -> MadeKey:
        """The centre's for integrators; a ward's for its kiosks."""

        async def made() -> MadeKey:
            key, token = await keys.make(_wanted(given), by)
            return MadeKey(key=_key(key), token=token)

        response.headers["Cache-Control"] = "no-store"
        command = Command(idempotency_key, by.source, "keys", given)
        return await repeats.once(command, made, MadeKey)

    @routes.get("/keys", responses=problem_responses(401, 403, 422, 503))
    async def list_keys(
        by: Annotated[Staff, Depends(staff)],
        ward: WardCode | None = None,
        after: Cursor = "",
        limit: Limit = 100,
    ) -> Page[KeyView]:
        """By id, also those that were revoked; of one's wards."""
        found = await store.keys(wards_asked(by, ward), after, limit)
        items = [_key(key) for key in found]
        return Page(items=items, next=items[-1].id if len(items) == limit else None)

    @routes.delete(
        "/keys/{id}", status_code=204, responses=problem_responses(401, 403, 404, 422, 429, 503)
    )
    async def revoke(id_: IdInPath, by: Annotated[Staff, Depends(staff)]) -> None:
        """What it still sends is rejected as `key_revoked`, and kept for the ward."""
        await keys.revoke(id_, by)

    return routes


def token_router(
    actor: Callable[..., Awaitable[AnyActor]], private_key_pem: str, clock: Clock
) -> APIRouter:
    """`/tokens`."""
    routes = APIRouter(prefix=API, tags=["tokens"])

    @routes.post("/tokens", status_code=201, responses=problem_responses(401, 403, 422, 429, 503))
    async def token(
        asked: TokenAsked, by: Annotated[AnyActor, Depends(actor)], response: Response
    ) -> ShortToken:
        """Good for five minutes, with the caller's role and wards."""
        now = clock()
        claims = Claims(sub=by.source, role=by.role, wards=by.wards)
        response.headers["Cache-Control"] = "no-store"
        signed = sign(claims, asked.audience, private_key_pem, now)
        return ShortToken(token=signed, ends_at=now + LIFETIME)

    return routes


def _wanted(given: NewIntegratorKey | NewKioskKey) -> Wanted:
    wards = None if given.wards is None else tuple(given.wards)
    if isinstance(given, NewKioskKey):
        point = given.service_point_id
        return Wanted(given.kind, given.name, given.valid_to, (), wards, point)
    return Wanted(given.kind, given.name, given.valid_to, tuple(given.types), wards)


def _key(key: Key) -> KeyView:
    return KeyView(
        id=key.id,
        source=key.source,
        kind=key.kind,
        name=key.name,
        types=key.types,
        wards=key.wards,
        service_point_id=key.service_point_id,
        valid_to=last_day(key),
        made_at=key.made_at,
        made_by=key.made_by,
        revoked_at=key.revoked_at,
    )
