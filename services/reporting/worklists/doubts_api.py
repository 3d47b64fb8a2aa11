"""`/worklists/doubts`, `/worklists/many_doors`: what may have been told wrongly, page by page."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from pydantic import BaseModel, Field

from services.events.envelope import CITY_TIME
from services.platform.access.auth import Reader
from services.platform.access.readers import Matter
from services.platform.http.app import Sentence, problem_responses
from services.platform.problems import Problem
from services.reporting.asking.answers import Coded, FactRef
from services.reporting.definitions.wards import WardRef, ward_ref
from services.reporting.http import cursor, parameters
from services.reporting.http.deps import BASE, Deps
from services.reporting.measures.doubts import DOUBT, Doubt, Doubted, team_of
from services.reporting.problems import WARD_NEEDED
from services.reporting.projecting.completeness import Completeness
from services.reporting.worklists import doubts, many_doors, reading
from services.reporting.worklists.many_doors import AtManyDoors

DOUBTS = f"{BASE}/worklists/doubts"
MANY_DOORS = f"{BASE}/worklists/many_doors"
TO_DO = {
    Doubt.RECORDED_TWICE: Sentence(
        vi="Một lượt ghi hai lần: hủy một bản ghi (`event.voided.v1`, lý do `twice`)."
        " Hai lượt thật: để nguyên.",
        en="One visit told twice: void one record (`event.voided.v1`, reason `twice`)."
        " Two visits: let both be.",
    ),
    Doubt.TWO_TEAMS: Sentence(
        vi="Hỏi hai tổ ai đã đến. Ghi nhầm: hủy bản ghi đó. Cả hai cùng đến: để nguyên, và chia"
        " lại địa bàn.",
        en="Ask both teams who was there. A mistake: void that record. Both were: let both be, and"
        " divide the ground between them.",
    ),
}
ASK_WHOSE = Sentence(
    vi="Hỏi các tổ: số định danh, số điện thoại có đúng của người đó không. Sai: ghi lại cho đúng"
    " (`replaces`) hoặc hủy. Đúng: để nguyên.",
    en="Ask the teams whether the number is that person's. It is not: record it anew (`replaces`)"
    " or void it. It is: let it be.",
)


class DoubtfulRecord(BaseModel):
    """A record that looks told again; it counts until somebody voids it or the earlier one."""

    ward: WardRef
    doubt: Coded
    team_id: str = Field(description="Whose record it is; empty: no team's")
    happened_at: datetime
    record: FactRef
    earlier: FactRef = Field(description="What it looks like a repetition of")
    to_do: Sentence


class DoubtfulRecords(Completeness):
    """A page, newest day first; it reaches back a quarter."""

    rows: list[DoubtfulRecord]
    next: str | None = Field(description="The address of the next page; null at the end")


class ManyDoors(BaseModel):
    """One citizen who was met at more households than is likely; who it is, is not told here."""

    ward: WardRef
    households: int
    last_met_at: datetime
    records: list[FactRef] = Field(description="The last at each household, oldest first")
    to_do: Sentence


class AllAtManyDoors(Completeness):
    """A page, newest first; it reaches back a quarter."""

    rows: list[ManyDoors]
    next: str | None = Field(description="The address of the next page; null at the end")


def router(deps: Deps) -> APIRouter:
    """One route a list."""
    routes = APIRouter(prefix=BASE, tags=["worklists"])

    @routes.get(
        "/worklists/doubts",
        operation_id="worklist_doubts",
        responses=problem_responses(401, 403, 422, 503),
        openapi_extra={"parameters": parameters.WORK_LIST},
    )
    async def doubtful(
        request: Request, reader: Annotated[Reader, Depends(deps.reader(Matter.FIGURES))]
    ) -> DoubtfulRecords:
        """Records that look told again; void one, or let both be."""
        asked = reading.asked(request.query_params, reader, deps.today())
        after = cursor.read(request.query_params.get("cursor"))
        complete = await deps.completeness()
        found = await doubts.page(
            deps.sources.cells, deps.sources.facts, asked.wards, deps.today(), after, asked.limit
        )
        onward = cursor.onward(DOUBTS, request.query_params, found.after)
        rows = [_doubtful(row) for row in found.rows]
        return DoubtfulRecords(**complete.fields(), rows=rows, next=onward)

    @routes.get(
        "/worklists/many_doors",
        operation_id="worklist_many_doors",
        responses=problem_responses(401, 403, 422, 503),
        openapi_extra={"parameters": parameters.WORK_LIST_OF_A_WARD},
    )
    async def at_many_doors(
        request: Request, reader: Annotated[Reader, Depends(deps.reader(Matter.FIGURES))]
    ) -> AllAtManyDoors:
        """Citizens who were met at more households than is likely."""
        asked = reading.asked(request.query_params, reader, deps.today())
        if asked.wards is None:
            raise Problem(WARD_NEEDED, "/query/ward")
        after = cursor.read_time_position(request.query_params.get("cursor"))
        complete = await deps.completeness()
        found = await many_doors.page(
            deps.sources.facts, asked.wards, deps.today(), after, asked.limit
        )
        onward = cursor.onward(MANY_DOORS, request.query_params, found.after)
        rows = [_many_doors(row) for row in found.rows]
        return AllAtManyDoors(**complete.fields(), rows=rows, next=onward)

    return routes


def _doubtful(row: Doubted) -> DoubtfulRecord:
    doubt, fact, earlier = row
    return DoubtfulRecord(
        ward=ward_ref(fact.ward),
        doubt=Coded.of(DOUBT, doubt),
        team_id=team_of(fact.event),
        happened_at=fact.at.astimezone(CITY_TIME),
        record=FactRef.of(fact),
        earlier=FactRef.of(earlier),
        to_do=TO_DO[doubt],
    )


def _many_doors(row: AtManyDoors) -> ManyDoors:
    return ManyDoors(
        ward=ward_ref(row.records[-1].ward),
        households=len(row.records),
        last_met_at=row.last.at.astimezone(CITY_TIME),
        records=[FactRef.of(fact) for fact in row.records],
        to_do=ASK_WHOSE,
    )
