"""The directory: one document for phones, and the wards one by one."""

from collections.abc import Callable, Iterable, Sequence
from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Request, Response
from fastapi.params import Depends
from pydantic import BaseModel, create_model

from services.events.envelope import CITY_TIME, Day, WardCode
from services.platform.clock import Clock
from services.platform.http.app import problem_responses
from services.platform.problems import UNKNOWN_WARD, Problem
from services.platform.vietnam.texts import fold
from services.platform.vietnam.wards import Ward, ward_at, wards_on
from services.registration.directory.nearby import model_of, nearby
from services.registration.directory.rules import ward_problem
from services.registration.directory.views import (
    Catalogue,
    Step,
    WardInTime,
    WardView,
    catalogue,
    steps,
    ward_in_time,
    ward_view,
)
from services.registration.subjects.reading import API, ETAG_RESPONSES, answer
from services.registration.subjects.rows import Rows
from services.registration.subjects.subject import Decided

On = Annotated[Day | None, Query(description="The day to look at; today if it is left out")]
WardInPath = Annotated[WardCode, Path()]
Search = Annotated[str, Query(max_length=100, description="Part of a name, accents or not")]


class Wards(BaseModel):
    """Wards in Vietnamese order."""

    wards: list[WardView]


class WholeSuccession(BaseModel):
    """Which old ward went into which of today."""

    steps: list[Step]


class WholeCatalogue(BaseModel):
    """All codes."""

    catalogue: Catalogue


def router(
    rows: Rows, kinds: Iterable[Decided[Any]], clock: Clock, allowed: Sequence[Depends] = ()
) -> APIRouter:
    """Every answer has an ETag; a phone that has it hears 304."""
    routes = APIRouter(prefix=API, tags=["directory"], dependencies=list(allowed))
    _add_directory(routes, rows, [kind for kind in kinds if kind.choice], _today(clock))
    _add_wards(routes, _today(clock))
    _add_lists(routes)
    return routes


def _today(clock: Clock) -> Callable[[], date]:
    return lambda: clock().astimezone(CITY_TIME).date()


def _add_directory(
    routes: APIRouter, rows: Rows, choosable: Sequence[Decided[Any]], today: Callable[[], date]
) -> None:
    responses = ETAG_RESPONSES | problem_responses(401, 422, 503)
    directory_model = _directory_of(model_of(choosable))

    @routes.get("/directory", response_model=directory_model, responses=responses)
    async def directory(request: Request, ward: WardCode | None = None, on: On = None) -> Response:
        day = on or today()
        unit = _existing(ward, day, "/query/ward") if ward else None
        here = await nearby(rows, choosable, unit, day) if unit else None
        wards = [ward_view(found) for found in wards_on(day)]
        document = {"wards": wards, "catalogue": catalogue(), "nearby": here}
        return answer(request, directory_model.model_validate(document))


def _directory_of(nearby_model: type[BaseModel]) -> type[BaseModel]:
    """The wards of the day in Vietnamese order, and what lies near one."""
    near_one: Any = nearby_model | None
    return create_model(
        "Directory",
        __doc__="What a phone keeps to work without a network.",
        wards=(list[WardView], ...),
        catalogue=(Catalogue, ...),
        nearby=(near_one, ...),
    )


def _add_wards(routes: APIRouter, today: Callable[[], date]) -> None:
    responses = ETAG_RESPONSES | problem_responses(401, 422)

    @routes.get("/wards", operation_id="list_wards", response_model=Wards, responses=responses)
    async def list_(request: Request, search: Search = "", on: On = None) -> Response:
        wanted = fold(search)
        found = [w for w in wards_on(on or today()) if wanted in fold(w.name)]
        return answer(request, Wards(wards=[ward_view(ward) for ward in found]))

    @routes.get("/wards/{code}", response_model=WardInTime, responses=responses)
    async def ward(request: Request, code: WardInPath, on: On = None) -> Response:
        return answer(request, ward_in_time(_existing(code, on or today(), "/path/code")))


def _add_lists(routes: APIRouter) -> None:
    responses = ETAG_RESPONSES | problem_responses(401)

    @routes.get("/succession", response_model=WholeSuccession, responses=responses)
    async def succession(request: Request) -> Response:
        return answer(request, WholeSuccession(steps=list(steps())))

    @routes.get("/catalogue", response_model=WholeCatalogue, responses=responses)
    async def codes(request: Request) -> Response:
        return answer(request, WholeCatalogue(catalogue=catalogue()))


def _existing(code: str, day: date, pointer: str) -> Ward:
    ward = ward_at(code, day)
    if ward is None:
        raise Problem(ward_problem(code, day) or UNKNOWN_WARD, pointer)
    return ward
