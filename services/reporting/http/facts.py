"""`/facts`: what a number counted, page by page."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request
from starlette.datastructures import QueryParams

from services.platform.access.auth import Reader
from services.platform.access.readers import Matter
from services.platform.http.app import problem_responses
from services.platform.problems import Problem
from services.reporting import problems
from services.reporting.asking.answers import Coded, CountedRow, FactRef, FactsPage
from services.reporting.asking.drill_down_query import Counted, DrillDownQuery
from services.reporting.asking.question import Question
from services.reporting.asking.table import select
from services.reporting.definitions.label import Label
from services.reporting.definitions.labels import WARD
from services.reporting.definitions.measure import Measure
from services.reporting.definitions.number import Number
from services.reporting.definitions.wards import ward_ref
from services.reporting.http import cursor, parameters, query
from services.reporting.http.deps import BASE, Deps

_PARAMETERS = ("measure", "label", "of", *query.QUESTION, "cursor", "limit")


def router(deps: Deps) -> APIRouter:
    """One route for all numbers."""
    routes = APIRouter(prefix=BASE, tags=["reports"])
    measures = {measure.name: measure for measure in deps.catalogue.measures}

    @routes.get(
        "/facts",
        operation_id="facts",
        responses=problem_responses(401, 403, 404, 422, 503),
        openapi_extra={"parameters": parameters.of_facts(deps.catalogue.measures)},
    )
    async def facts(
        request: Request, reader: Annotated[Reader, Depends(deps.reader(Matter.FIGURES))]
    ) -> FactsPage:
        """What a number counted; the amounts of all pages add up to it."""
        params = request.query_params
        query.no_others(params, _PARAMETERS, many=("label",))
        question = query.question(params, reader, deps.today())
        if (measure := measures.get(params.get("measure", ""))) is None:
            raise Problem(problems.UNKNOWN_MEASURE, "/query/measure")
        opened = _opened(measure, params, question)
        after, limit = cursor.read(params.get("cursor")), query.number(params, "limit", 1, 500, 100)
        complete = await deps.completeness()
        found = await deps.sources.drill_down.page(opened, after, limit)
        rows = [_row(row, opened, reader) for row in found.rows]
        return FactsPage(
            measure=measure.name,
            **complete.fields(),
            rows=rows,
            next=cursor.onward(f"{BASE}/facts", params, found.after),
        )

    return routes


def _opened(measure: Measure, params: QueryParams, question: Question) -> DrillDownQuery:
    only = query.labels_of(params.getlist("label"), measure)
    of = _of(measure, params.get("of"))
    selected = select(Number(measure.name, "", "", (measure,), only, of), question)
    if selected is None:
        raise Problem(problems.UNKNOWN_CODE, "/query/label")
    return DrillDownQuery(selected.selector, question, of)


def _of(measure: Measure, name: str | None) -> Label | None:
    if name is None:
        return None
    for label in (WARD, *measure.tells_apart):
        if label == name:
            return label
    raise Problem(problems.UNKNOWN_CODE, "/query/of")


def _row(row: Counted, opened: DrillDownQuery, reader: Reader) -> CountedRow:
    """A home gives no right to records of other wards: of these the number alone is told."""
    shown = [fact for fact in row.facts if query.may_open(reader, fact.ward)]
    labelled = opened.selector.measure.labelled(row.point.codes)
    return CountedRow(
        ward=ward_ref(row.ward),
        day=row.point.day,
        labels=[Coded.of(label, code) for label, code in labelled],
        amount=row.amount,
        facts=[FactRef.of(fact) for fact in shown],
        elsewhere=len(row.facts) - len(shown),
    )
