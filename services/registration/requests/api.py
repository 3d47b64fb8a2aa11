"""Staff read which requests wait; what is late in a ward stands on the centre's list."""

from collections.abc import Awaitable, Callable
from datetime import date
from typing import Annotated

from fastapi import APIRouter, Depends
from pydantic import BaseModel

from services.events.codes import RequestKind
from services.events.envelope import WardCode
from services.platform.http.app import problem_responses
from services.platform.problems import FORBIDDEN, Problem
from services.registration.requests.deadlines import is_alarming, is_the_centres
from services.registration.requests.rules import Request
from services.registration.requests.waiting import Waiting
from services.registration.subjects.actor import Overseer
from services.registration.subjects.reading import API


class WaitingRequest(BaseModel):
    """A request that is open; an erasure is confirmed by another than `received_by`."""

    id: str
    ward: str
    kind: RequestKind
    citizen_id: str | None
    received_by: str
    received_on: date
    due: date
    is_the_centres: bool
    """Its ward did not confirm it in three working days: the centre may, with its reason."""
    is_alarming: bool
    """Fifteen of the law's twenty days are over."""


class WaitingRequests(BaseModel):
    """All of them, oldest first."""

    items: list[WaitingRequest]


def router(waiting: Waiting, staff: Callable[..., Awaitable[Overseer]]) -> APIRouter:
    """`/open-requests`."""
    routes = APIRouter(prefix=API, tags=["requests"])

    @routes.get("/open-requests", responses=problem_responses(401, 403, 422, 503))
    async def open_requests(
        overseer: Annotated[Overseer, Depends(staff)],
        ward: WardCode | None = None,
        centre: bool = False,
    ) -> WaitingRequests:
        """Of one's wards, or of one; with `centre` those that are the centre's by now."""
        if ward is not None and not overseer.oversees(ward):
            raise Problem(FORBIDDEN)
        today = waiting.today()
        items = [
            _shown(id_, request, today)
            for id_, request in await waiting.open()
            if ward in (None, request.ward) and overseer.oversees(request.ward)
        ]
        return WaitingRequests(items=[i for i in items if i.is_the_centres or not centre])

    return routes


def _shown(id_: str, request: Request, today: date) -> WaitingRequest:
    return WaitingRequest(
        id=id_,
        ward=request.ward,
        kind=request.kind,
        citizen_id=request.citizen_id,
        received_by=request.received_by,
        received_on=request.received_on,
        due=request.due,
        is_the_centres=is_the_centres(request, today),
        is_alarming=is_alarming(request, today),
    )
