"""Coordinators read a citizen's record and what their ward's phones could not record."""

from collections.abc import Awaitable, Callable, Collection, Mapping
from datetime import datetime
from typing import Annotated, Any

import orjson
from fastapi import APIRouter, Depends, Path, Query
from pydantic import BaseModel

from services.events.envelope import WardCode
from services.events.registry import encode
from services.platform.http.app import problem_responses
from services.platform.problems import FORBIDDEN, NOT_FOUND, Problem
from services.registration.citizens.problems import CITIZEN_RESTRICTED
from services.registration.citizens.reading import CitizenReader, CitizenView
from services.registration.citizens.refused_bodies import Opened, RefusedBodies
from services.registration.intake.outcome import Recorded
from services.registration.subjects.actor import Overseer

CitizenId = Annotated[str, Path(pattern=r"^[a-z][a-z0-9-]{1,63}$")]
Note = Callable[[str, str, str], Awaitable[None]]
"""Leaves a trace: who (`source`), did what, to which id."""
WhatStands = Callable[[Collection[str]], Awaitable[Mapping[str, Recorded]]]
"""Under and in place of each of these ids."""


class RefusedView(BaseModel):
    """An event that was not accepted, as it was posted; the ward records it, or lets it be.

    Either ends it; to let it be is a void of `id`.

    `recorded`: what stands under its id, beside it: the first of two that had one id, or itself
    once it was admitted; null also where that is another ward's. `replaced_by`: the event that
    was recorded in its place; nothing is left to do.
    """

    id: str
    event_id: str
    poster: str
    ward: str
    type: str | None
    result: str
    code: str
    at: datetime
    posted: Any
    recorded: Any = None
    replaced_by: str | None = None


class RefusedPage(BaseModel):
    """`next` is the cursor of what follows, null at the end."""

    items: list[RefusedView]
    next: str | None


def router(
    reader: CitizenReader,
    kept: RefusedBodies,
    recorded: WhatStands,
    staff: Callable[..., Awaitable[Overseer]],
    note: Note,
) -> APIRouter:
    """Each reading leaves a trace, for what is read is personal."""
    routes = APIRouter(prefix="/api/registration/v1", tags=["citizens"])

    @routes.get("/citizens/{citizen_id}", responses=problem_responses(401, 403, 404, 422, 503))
    async def citizen(
        citizen_id: CitizenId, overseer: Annotated[Overseer, Depends(staff)]
    ) -> CitizenView:
        """No number, but the last three digits; and what the citizen agrees to."""
        if not any(map(overseer.oversees, await reader.wards(citizen_id))):
            raise Problem(NOT_FOUND, "/path/citizen_id")
        if await reader.is_restricted(citizen_id):
            raise Problem(CITIZEN_RESTRICTED, "/path/citizen_id")
        await note(overseer.source, "citizen_read", citizen_id)
        return await reader.view(citizen_id)

    @routes.get("/refused-events", responses=problem_responses(401, 403, 422, 503))
    async def refused(
        overseer: Annotated[Overseer, Depends(staff)],
        ward: WardCode,
        after: Annotated[str, Query(max_length=64)] = "",
        limit: Annotated[int, Query(ge=1, le=100)] = 50,
    ) -> RefusedPage:
        """What has not ended, for 90 days. Posting an event again as a coordinator admits it."""
        if not overseer.oversees(ward):
            raise Problem(FORBIDDEN)
        found = await kept.of_ward(ward, after, limit)
        await note(overseer.source, "refused_read", ward)
        following = found[-1].refused.refusal_id if len(found) == limit else None
        stands = await recorded({opened.refused.event_id for opened in found})
        items = [_view(opened, stands[opened.refused.event_id], overseer) for opened in found]
        return RefusedPage(items=items, next=following)

    return routes


def _view(opened: Opened, stands: Recorded, overseer: Overseer) -> RefusedView:
    refused = opened.refused
    event = stands.event if stands.event and overseer.oversees(stands.event.ward) else None
    return RefusedView(
        id=refused.refusal_id,
        event_id=refused.event_id,
        poster=refused.poster,
        ward=refused.ward,
        type=refused.target_type,
        result=refused.result,
        code=refused.code,
        at=refused.at,
        posted=_posted(opened.body),
        recorded=event and orjson.loads(encode(event)),
        replaced_by=stands.replaced_by,
    )


def _posted(body: bytes) -> Any:
    try:
        return orjson.loads(body)
    except orjson.JSONDecodeError:
        return None
