"""POST /events: the only write of a domain fact; GET /events/{id}: what became of one."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any

import orjson
from fastapi import APIRouter, Depends, Path, Request, Response
from pydantic import BeforeValidator

from services.events.envelope import EVENT_ID
from services.platform.clock import Clock
from services.platform.http.app import problem_responses
from services.platform.http.plain_route import PlainRoute
from services.platform.problems import INVALID_REQUEST, Problem
from services.platform.server.arrival import Arrival
from services.registration.intake.body import MAX_BYTES, unpack
from services.registration.intake.canonical import one_case
from services.registration.intake.clock_correction import upload_offset
from services.registration.intake.draft import Upload
from services.registration.intake.outcome import Outcome, Outcomes
from services.registration.intake.problems import INVALID_HEADER, TOO_LARGE
from services.registration.intake.record import Intake
from services.registration.intake.results import Result, Results
from services.registration.subjects.actor import Actor

Authenticate = Callable[..., Awaitable[Actor]]
"""A FastAPI dependency. Raises: Problem."""


@dataclass(frozen=True)
class IntakeApi:
    """What the routes stand on; `request_body` is OpenAPI's description of it."""

    intake: Intake
    outcomes: Outcomes
    authenticate: Authenticate
    clock: Clock
    request_body: dict[str, Any]
    demo: bool = False
    """Only then may `Demo-Now` set the server's clock for a request."""


def router(api: IntakeApi) -> APIRouter:
    """The routes under `/api/registration/v1`."""
    routes = APIRouter(prefix="/api/registration/v1", tags=["events"])

    async def post_events(request: Request) -> Response:
        """One result an event, in order. Everything may be posted again."""
        poster = await api.authenticate(request)
        work = api.intake.dry_run if _is_dry_run(request) else api.intake.record
        media_type, packing = _header(request, "content-type"), _header(request, "content-encoding")
        arrival = Arrival.of(request)
        arrival.allow(MAX_BYTES, TOO_LARGE)
        body = await request.body()
        posted = unpack(body, media_type or "", packing or "", arrival.hold)
        now = _now(request, api)
        upload = Upload(poster, now, upload_offset(_instant(request, "device-time"), now))
        return _answer(await work(posted, upload), now)

    routes.add_api_route(
        "/events",
        post_events,
        methods=["POST"],
        dependencies=[Depends(api.authenticate)],
        response_model=Results,
        responses=problem_responses(400, 401, 403, 413, 415, 422, 429, 503),
        openapi_extra=_documented(api.request_body),
        route_class_override=PlainRoute,
    )

    @routes.get("/events/{event_id}", responses=problem_responses(401, 404, 422, 503))
    async def what_became(
        event_id: Annotated[str, BeforeValidator(one_case), Path(pattern=EVENT_ID)],
        poster: Annotated[Actor, Depends(api.authenticate)],
    ) -> Outcome:
        """For whoever posted it, and for the staff of its ward."""
        return await api.outcomes.of(event_id, poster)

    return routes


def _is_dry_run(request: Request) -> bool:
    """Raises: Problem for anything else that is asked: a slip must not store what was a trial."""
    if not request.scope["query_string"]:
        return False
    match request.query_params.multi_items():
        case [("dry_run", value)] if value.lower() in ("true", "1", "false", "0"):
            return value.lower() in ("true", "1")
        case [(name, _)] if name == "dry_run":
            raise Problem(INVALID_REQUEST, "/query/dry_run")
        case _:
            raise Problem(INVALID_REQUEST, "/query")


def _header(request: Request, name: str) -> str | None:
    """Raises: Problem where it is there twice: two readers would read two things."""
    values = request.headers.getlist(name)
    if len(values) > 1:
        raise Problem(INVALID_HEADER, f"/{name}")
    return values[0] if values else None


def _now(request: Request, api: IntakeApi) -> datetime:
    asked = _instant(request, "demo-now") if api.demo else None
    return asked or api.clock()


def _instant(request: Request, header: str) -> datetime | None:
    value = _header(request, header)
    if value is None:
        return None
    try:
        instant = datetime.fromisoformat(value)
    except ValueError:
        raise Problem(INVALID_HEADER, f"/{header}") from None
    if instant.tzinfo is None or not 1900 < instant.year < 9000:
        raise Problem(INVALID_HEADER, f"/{header}")
    return instant


def _answer(results: list[Result], now: datetime) -> Response:
    document = {
        "results": [result.document() for result in results],
        "servertime": now.isoformat(),
    }
    return Response(orjson.dumps(document), media_type="application/json")


def _documented(body: dict[str, Any]) -> dict[str, Any]:
    dry_run = {
        "name": "dry_run",
        "in": "query",
        "description": "Judge, and store nothing",
        "schema": {"type": "boolean", "default": False},
    }
    headers = [
        _documented_header(
            "Device-Time",
            "The phone's clock at the upload, with offset",
            examples=["2025-10-11T09:30:05+07:00"],
        ),
        _documented_header(
            "Content-Encoding", "Left out, it is `identity`", enum=["identity", "gzip", "x-gzip"]
        ),
    ]
    return {"requestBody": body, "parameters": [dry_run, *headers]}


def _documented_header(name: str, description: str, **values: Any) -> dict[str, Any]:
    schema = {"type": "string", **values}
    return {"name": name, "in": "header", "description": description, "schema": schema}
