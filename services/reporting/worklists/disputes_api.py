"""`/worklists/disputes`: what waits for somebody, page by page, for who may see the ward."""

from datetime import date, datetime
from typing import Annotated, cast

from fastapi import APIRouter, Depends, Request
from pydantic import BaseModel, Field

from services.events.answers import AssistanceDisputed
from services.events.envelope import CITY_TIME
from services.platform.access.auth import Reader
from services.platform.access.readers import Matter
from services.platform.http.app import problem_responses
from services.reporting.asking.answers import Coded, FactRef
from services.reporting.definitions.wards import WardRef, ward_ref
from services.reporting.http import cursor, parameters
from services.reporting.http.deps import BASE, Deps
from services.reporting.measures.disputes import DISPUTE_KIND
from services.reporting.projecting.completeness import Completeness
from services.reporting.worklists import disputes, reading
from services.reporting.worklists.disputes import Open

DISPUTES = f"{BASE}/worklists/disputes"


class OpenDispute(BaseModel):
    """A citizen said no, and nobody has looked into it yet."""

    event_id: str = Field(description="What was disputed: a `dispute.resolved.v1` names it")
    ward: WardRef
    kind: Coded
    disputed_at: datetime
    age_days: int
    notification_id: str = Field(description="The SMS that was answered")
    disputed: FactRef | None = Field(description="The disputed event; null until it has come")


class OpenDisputes(Completeness):
    """A page, oldest first."""

    rows: list[OpenDispute]
    next: str | None = Field(description="The address of the next page; null at the end")


def router(deps: Deps) -> APIRouter:
    """One route a list."""
    routes = APIRouter(prefix=BASE, tags=["worklists"])

    @routes.get(
        "/worklists/disputes",
        operation_id="worklist_disputes",
        responses=problem_responses(401, 403, 422, 503),
        openapi_extra={"parameters": parameters.WORK_LIST},
    )
    async def open_disputes(
        request: Request, reader: Annotated[Reader, Depends(deps.reader(Matter.FIGURES))]
    ) -> OpenDisputes:
        """Disputes that are neither resolved nor settled by voiding what was disputed."""
        params, today = request.query_params, deps.today()
        asked = reading.asked(params, reader, today)
        after = cursor.read_time_position(params.get("cursor"))
        complete = await deps.completeness()
        found = await disputes.page(deps.disputes, asked.wards, after, asked.limit)
        rows = [_row(row, today) for row in found.rows]
        onward = cursor.onward(DISPUTES, params, found.after)
        return OpenDisputes(**complete.fields(), rows=rows, next=onward)

    return routes


def _row(row: Open, today: date) -> OpenDispute:
    event = cast(AssistanceDisputed, row.dispute.event)
    told = event.data
    return OpenDispute(
        event_id=told.event_id,
        ward=ward_ref(row.dispute.ward),
        kind=Coded.of(DISPUTE_KIND, told.kind),
        disputed_at=event.time.astimezone(CITY_TIME),
        age_days=(today - row.dispute.day).days,
        notification_id=told.notification_id,
        disputed=FactRef.of(row.disputed) if row.disputed else None,
    )
