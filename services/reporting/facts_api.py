"""`/facts`: what a number counted, page by page."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request
from starlette.datastructures import QueryParams

from services.platform.access.auth import Reader
from services.platform.access.readers import Matter
from services.platform.http.app import problem_responses
from services.platform.problems import Problem
from services.reporting import cursor, parameters, problems, query
from services.reporting.answers import CountedRow, FactRef, FactsPage
from services.reporting.ask import Ask
from services.reporting.deps import BASE, Deps
from services.reporting.measure import Measure
from services.reporting.measures import MEASURES
from services.reporting.opened import Counted, Opened
from services.reporting.report import Number
from services.reporting.rows import Rows
from services.reporting.table import placed
from services.reporting.wards import ward_ref

_BY_NAME = {measure.name: measure for measure in MEASURES}
_PARAMETERS = ("measure", "label", "of", *query.QUESTION, "cursor", "limit")


def router(deps: Deps) -> APIRouter:
    """One route for all numbers."""
    routes = APIRouter(prefix=BASE, tags=["reports"])

    @routes.get(
        "/facts",
        operation_id="facts",
        responses=problem_responses(401, 403, 404, 422, 503),
        openapi_extra={"parameters": parameters.FACTS},
    )
    async def facts(
        request: Request, reader: Annotated[Reader, Depends(deps.reader(Matter.FIGURES))]
    ) -> FactsPage:
        """What a number counted; the amounts of all pages add up to it."""
        params = request.query_params
        query.no_others(params, _PARAMETERS, many=("label",))
        ask = query.asked(params, reader, deps.today())
        opened = _opened(params, ask)
        after, limit = cursor.read(params.get("cursor")), query.number(params, "limit", 1, 500, 100)
        complete = await deps.completeness()
        found = await deps.sources.drill_down.page(opened, after, limit)
        rows = [_row(row, opened, reader) for row in found.rows]
        name = opened.placing.measure.name
        return FactsPage(
            measure=name,
            **complete.fields(),
            rows=rows,
            next=cursor.onward(f"{BASE}/facts", params, found.after),
        )

    return routes


def _opened(params: QueryParams, ask: Ask) -> Opened:
    measure = _BY_NAME.get(params.get("measure", ""))
    if measure is None:
        raise Problem(problems.UNKNOWN_MEASURE, "/query/measure")
    only = query.labels_of(params.getlist("label"))
    of = params.get("of", "")
    if "of" in params and of not in ("ward", *measure.labels):
        raise Problem(problems.UNKNOWN_CODE, "/query/of")
    number = Number(measure.name, "", "", (measure,), only, of)
    found = placed(number, ask)
    if found is None:
        raise Problem(problems.UNKNOWN_CODE, "/query/label")
    return Opened(found.placing, ask, of)


def _row(row: Counted, opened: Opened, reader: Reader) -> CountedRow:
    """A home gives no right to records of other wards: of these the number alone is told."""
    shown = [fact for fact in row.facts if query.may_open(reader, fact.ward)]
    measure: Measure = opened.placing.measure
    rows = Rows(opened.ask)
    labels = zip(measure.labels, row.point.labels, strict=True)
    return CountedRow(
        ward=ward_ref(row.ward),
        day=row.point.day,
        labels=[rows.coded(label, code) for label, code in labels],
        amount=row.amount,
        facts=[FactRef.of(fact) for fact in shown],
        elsewhere=len(row.facts) - len(shown),
    )
