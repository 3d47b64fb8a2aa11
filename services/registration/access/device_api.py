"""A coordinator lets a team's phones in, and shuts them out."""

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from services.events.envelope import Id, WardCode
from services.platform.http.app import problem_responses
from services.platform.http.client import network_of
from services.platform.http.repeating import Command, IdempotencyKey, Repeats
from services.platform.problems import FORBIDDEN, Problem
from services.registration.access.actor import Staff
from services.registration.access.enrolment import Enrolments, Invitation
from services.registration.access.lines import Lines
from services.registration.access.records import Act, DeviceRecord
from services.registration.access.token_store import TokenStore
from services.registration.intake.anonymous import NO_NUMBER
from services.registration.subjects.reading import API, Cursor, IdInPath, Limit, Page

StaffBy = Callable[..., Awaitable[Staff]]
Label = Annotated[
    str,
    Field(
        pattern=r"^[\w ./-]{0,40}$",
        description="What is written on the phone's case, never a person's name",
    ),
    NO_NUMBER,
]

SVG: dict[int | str, dict[str, Any]] = {200: {"content": {"image/svg+xml": {}}}}


class _Posted(BaseModel):
    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)


class NewEnrolment(_Posted):
    """For one phone of one team."""

    team_id: Id
    label: Label = ""


class EnrolmentView(BaseModel):
    """The code lets one phone in, within ten minutes; `qr` is where it is drawn."""

    enrolment_id: str
    team_id: str
    ward: str
    code: str
    qr: str
    ends_at: datetime


class Code(_Posted):
    """As typed or scanned: case, spaces and hyphens do not matter."""

    code: Annotated[str, Field(max_length=40)]
    nonce: Annotated[
        str,
        Field(
            pattern=r"^([A-Za-z0-9_-]{22,64})?$",
            description=(
                "Random, made by the phone before it sends the code, and sent again with it where "
                "no answer came: the same phone is let in again while the code lasts"
            ),
        ),
    ] = ""


class EnrolledDevice(BaseModel):
    """The token is told once; all that the phone posts has this `source`."""

    device_id: str
    token: str
    source: str
    team_id: str
    ward: str


class DeviceView(BaseModel):
    """A phone as its coordinator sees it."""

    id: str
    source: str
    team_id: str
    ward: str
    label: str
    enrolled_at: datetime
    enrolled_by: str
    revoked_at: datetime | None


def enrolment_router(
    enrolments: Enrolments, repeats: Repeats, staff: StaffBy, lines: Lines
) -> APIRouter:
    """`/enrolments`, and `POST /devices` for the phone."""
    routes = APIRouter(prefix=API, tags=["devices"])

    @routes.post(
        "/enrolments",
        status_code=201,
        responses=problem_responses(401, 403, 404, 409, 422, 429, 503),
    )
    async def invite(
        given: NewEnrolment,
        by: Annotated[Staff, Depends(staff)],
        response: Response,
        idempotency_key: IdempotencyKey = None,
    ) -> EnrolmentView:
        """A code for one phone, to be read out or scanned."""

        async def made() -> EnrolmentView:
            return _enrolment(await enrolments.invite(given.team_id, given.label, by))

        response.headers["Cache-Control"] = "no-store"
        command = Command(idempotency_key, by.source, "enrolments", given)
        return await repeats.once(command, made, EnrolmentView)

    @routes.get(
        "/enrolments/{id}/qr",
        response_class=Response,
        responses={**SVG, **problem_responses(401, 403, 404, 422, 503)},
    )
    async def qr(id_: IdInPath, by: Annotated[Staff, Depends(staff)]) -> Response:
        """The code as an SVG, while it can be used."""
        drawn = await enrolments.qr(id_, by)
        headers = {"Cache-Control": "no-store"}
        return Response(drawn, media_type="image/svg+xml", headers=headers)

    @routes.post("/devices", status_code=201, responses=problem_responses(404, 422, 429, 503))
    async def enrol(given: Code, request: Request, response: Response) -> EnrolledDevice:
        """The code is the phone's only proof, and is used up by it."""
        try:
            device, token = await enrolments.enrol(given.code, given.nonce, network_of(request))
        except Problem as refusal:
            await lines.note(Act.CODE_REFUSED, "", refusal.kind.code)
            raise
        response.headers["Cache-Control"] = "no-store"
        return EnrolledDevice(
            device_id=device.id,
            token=token,
            source=device.source,
            team_id=device.team_id,
            ward=device.ward,
        )

    return routes


def device_router(enrolments: Enrolments, store: TokenStore, staff: StaffBy) -> APIRouter:
    """`/devices` for the coordinator."""
    routes = APIRouter(prefix=API, tags=["devices"])

    @routes.get("/devices", responses=problem_responses(401, 403, 422, 503))
    async def list_devices(
        by: Annotated[Staff, Depends(staff)],
        ward: WardCode | None = None,
        after: Cursor = "",
        limit: Limit = 100,
    ) -> Page[DeviceView]:
        """By id, also those that were revoked; without `ward` those of all one's wards."""
        found = await store.devices(wards_asked(by, ward), after, limit)
        items = [_device(device) for device in found]
        return Page(items=items, next=items[-1].id if len(items) == limit else None)

    @routes.delete(
        "/devices/{id}", status_code=204, responses=problem_responses(401, 403, 404, 422, 429, 503)
    )
    async def revoke(id_: IdInPath, by: Annotated[Staff, Depends(staff)]) -> None:
        """What it still sends is rejected as `device_revoked`, and kept for the ward."""
        await enrolments.revoke(id_, by)

    return routes


def wards_asked(by: Staff, ward: str | None) -> tuple[str, ...] | None:
    """One of somebody's wards, or all of them; None is the whole city. Raises: Problem."""
    if ward is None:
        return by.wards
    if by.wards is not None and ward not in by.wards:
        raise Problem(FORBIDDEN, "/query/ward")
    return (ward,)


def _enrolment(made: Invitation) -> EnrolmentView:
    return EnrolmentView(
        enrolment_id=made.enrolment.id,
        team_id=made.enrolment.team_id,
        ward=made.enrolment.ward,
        code=made.code,
        qr=f"{API}/enrolments/{made.enrolment.id}/qr",
        ends_at=made.enrolment.ends_at,
    )


def _device(device: DeviceRecord) -> DeviceView:
    return DeviceView(
        id=device.id,
        source=device.source,
        team_id=device.team_id,
        ward=device.ward,
        label=device.label,
        enrolled_at=device.enrolled_at,
        enrolled_by=device.enrolled_by,
        revoked_at=device.revoked_at,
    )
