"""The HTTP face of a service: one shape of app, one shape of error."""

from collections.abc import Callable, Iterable, Mapping
from contextlib import AbstractAsyncContextManager
from typing import Any

import structlog
from fastapi import APIRouter, FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.middleware.cors import CORSMiddleware
from fastapi.responses import JSONResponse
from fastapi.telemetry import TelemetryConfig
from pydantic import BaseModel
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect

from services.platform.http import docs_page, health, problem_page
from services.platform.http.openapi import describe_problems
from services.platform.http.plain_route import take_shortcuts
from services.platform.problems import (
    FORBIDDEN,
    INTERNAL,
    INVALID_REQUEST,
    METHOD_NOT_ALLOWED,
    NOT_FOUND,
    PROBLEM_MEDIA_TYPE,
    RETRY_AFTER_S,
    UNAUTHENTICATED,
    UNAVAILABLE,
    Problem,
    ProblemKind,
    pointer,
)
from services.platform.server.arrival import Arriving, RefusedArrival
from services.platform.server.compression import Compressed
from services.platform.server.limits import Limits
from services.platform.server.observed import Observed, begin_at_zero

CLIENT_GONE = 499
"""For the metrics alone: a phone that lost its network while it sent hears no answer."""
_OBSERVED_BY_US: TelemetryConfig = {"tracing": False, "metrics": False, "logs": False}
"""FastAPI's own spans hold addresses and queries as they came, whatever somebody wrote there."""
Lifespan = Callable[[FastAPI], AbstractAsyncContextManager[Any]]

log = structlog.get_logger(__name__)


class Sentence(BaseModel):
    """The same in Vietnamese and English."""

    vi: str
    en: str


class ProblemDocument(BaseModel):
    """RFC 9457, with a stable `code` and a JSON pointer to what is meant."""

    type: str
    title: str
    status: int
    code: str
    pointer: str
    message: Sentence
    retryable: bool


def problem_responses(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """What a route's OpenAPI says of its problems."""
    content = {PROBLEM_MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/ProblemDocument"}}}
    return {
        status: {"description": "Problem", "model": ProblemDocument, "content": content}
        for status in statuses
    }


def create_app(
    *,
    title: str,
    lifespan: Lifespan,
    routers: Iterable[APIRouter],
    checks: Mapping[str, health.Check],
    unavailable: tuple[type[Exception], ...] = (),
    limits: Limits = Limits(),  # noqa: B008  # frozen
) -> FastAPI:
    """An app whose every error is a problem document; `unavailable` ones may be sent again."""
    app = FastAPI(
        title=title,
        version="1",
        lifespan=lifespan,
        docs_url=None,
        redoc_url=None,
        separate_input_output_schemas=False,
        telemetry=_OBSERVED_BY_US,
        redirect_slashes=False,
    )
    served = (*routers, health.router(checks), problem_page.router(), docs_page.router(title))
    for router in served:
        app.include_router(router)
        begin_at_zero(router.routes)
    take_shortcuts(app, served)
    _answer_with_problems(app, unavailable)
    describe_problems(app)
    app.add_middleware(Compressed)
    app.add_middleware(Arriving, limits)
    app.add_middleware(Observed)
    return app


def allow_origin(app: FastAPI, origin: str, *methods: str) -> None:
    """A page served from there may use these methods, with a token and never with a cookie.

    An empty origin allows none.
    """
    if origin:
        app.add_middleware(
            CORSMiddleware,
            allow_origins=[origin],
            allow_methods=methods,
            allow_headers=["Authorization"],
        )


def problem_response(problem: Problem) -> JSONResponse:
    """The problem as its HTTP answer."""
    kind = problem.kind
    headers = dict(problem.headers)
    if kind.status in (429, 503):
        headers.setdefault("Retry-After", str(RETRY_AFTER_S))
    return JSONResponse(
        problem.document(), kind.status, headers=headers, media_type=PROBLEM_MEDIA_TYPE
    )


def _answer_with_problems(app: FastAPI, unavailable: tuple[type[Exception], ...]) -> None:
    @app.exception_handler(Problem)
    async def known(_: Request, error: Problem) -> JSONResponse:
        return problem_response(error)

    @app.exception_handler(RequestValidationError)
    async def invalid(_: Request, error: RequestValidationError) -> JSONResponse:
        return problem_response(Problem(INVALID_REQUEST, pointer(error.errors()[0]["loc"])))

    @app.exception_handler(HTTPException)
    async def refused(request: Request, error: HTTPException) -> JSONResponse:
        headers = dict(error.headers or {})
        if error.status_code == 405 and (methods := _methods_at(app, request)):
            headers["Allow"] = methods
        return problem_response(Problem(_kind_of(error.status_code), headers=headers))

    app.add_exception_handler(ClientDisconnect, _client_gone)
    app.add_exception_handler(RefusedArrival, _not_let_in)

    @app.exception_handler(Exception)
    async def fault(_: Request, error: Exception) -> JSONResponse:
        log.error("request failed", exc_info=error)
        return problem_response(Problem(INTERNAL))

    async def cannot_now(_: Request, error: Exception) -> JSONResponse:
        log.warning("a part is not there", exc_info=error)
        return problem_response(Problem(UNAVAILABLE))

    for kind in unavailable:
        app.add_exception_handler(kind, cannot_now)


def _methods_at(app: FastAPI, request: Request) -> str:
    """Starlette names those of the first route of an address only (RFC 9110, 15.5.6: all)."""
    template = getattr(request.scope.get("route"), "path", "")
    return ", ".join(method.upper() for method in app.openapi()["paths"].get(template, ()))


async def _not_let_in(_: Request, error: Exception) -> Response:
    return problem_response(getattr(error, "problem", Problem(INTERNAL)))


async def _client_gone(_: Request, __: Exception) -> Response:
    return Response(status_code=CLIENT_GONE)


def _kind_of(status: int) -> ProblemKind:
    known = {
        401: UNAUTHENTICATED,
        403: FORBIDDEN,
        404: NOT_FOUND,
        405: METHOD_NOT_ALLOWED,
        503: UNAVAILABLE,
    }
    return known.get(status, INVALID_REQUEST)
