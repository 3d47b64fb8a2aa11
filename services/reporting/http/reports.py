"""`/reports`: the list, and one route a report with its own model."""

import hashlib
from collections.abc import Mapping
from dataclasses import replace
from typing import Annotated, Any, NamedTuple

from fastapi import APIRouter, Depends, Request, Response

from services.platform.access.auth import Reader
from services.platform.access.readers import Matter
from services.platform.http.app import Sentence, problem_responses
from services.platform.http.conditional import has
from services.platform.problems import Problem
from services.reporting import problems
from services.reporting.asking.answering import answer
from services.reporting.asking.answers import Answer, ReportInfo
from services.reporting.asking.question import UNITS
from services.reporting.definitions.report import Report
from services.reporting.http import parameters, query
from services.reporting.http.answer_cache import AnswerCache
from services.reporting.http.deps import BASE, Deps
from services.reporting.projecting.completeness import Completeness

_HEADERS = {
    "ETag": {"schema": {"type": "string"}, "description": "Changes with the figures"},
    "True-As-Of": {
        "schema": {"type": "string", "format": "date-time"},
        "description": "As `true_as_of` in the body; also where the figures did not change",
    },
}


class Written(NamedTuple):
    """An answer as it is sent, and the state of the figures that it was made from."""

    made: Answer[Any]
    etag: str
    revisions: Mapping[int, int]


def router(deps: Deps) -> APIRouter:
    """The list, each report, and a clear answer to a name that is none."""
    routes = APIRouter(prefix=f"{BASE}/reports", tags=["reports"])
    figures = Depends(deps.reader(Matter.FIGURES))

    @routes.get("", dependencies=[figures], responses=problem_responses(401, 403))
    async def reports() -> list[ReportInfo]:
        """All reports, with what each can be grouped by."""
        return [_info(report) for report in deps.catalogue.reports.values()]

    for report in deps.catalogue.reports.values():
        _add(routes, report, deps)

    @routes.get("/{name}", include_in_schema=False)
    async def unknown(name: str) -> None:  # noqa: ARG001
        raise Problem(problems.UNKNOWN_REPORT)

    return routes


def _add(routes: APIRouter, report: Report, deps: Deps) -> None:
    answers: AnswerCache[Written] = deps.answers

    async def read(
        request: Request, reader: Annotated[Reader, Depends(deps.reader(Matter.FIGURES))]
    ) -> Response:
        params = request.query_params
        query.no_others(params, (*query.QUESTION, "by"), many=("by",))
        if report.one_ward and "ward" not in params:
            raise Problem(problems.WARD_NEEDED, "/query/ward")
        question = query.question(params, reader, deps.today())
        question = replace(question, by=query.grouped(params, report))
        query.narrow_enough(question, query.rows_of_wards(question))

        async def make() -> Written:
            """Read in this order, the figures hold all that instant and revisions speak of."""
            complete, revisions = await deps.completeness(), await deps.revisions()
            return _written(await answer(report, question, deps.sources, complete), revisions)

        filters = tuple(sorted(question.filters.items()))
        key = (
            report.name,
            question.days,
            question.wards,
            filters,
            question.by,
            question.known_by,
            question.mode,
        )
        complete, revisions = await deps.completeness(), await deps.revisions()
        written = await answers.get(key, make, still=lambda made: made.revisions == revisions)
        if written.revisions == revisions:
            written = _retold(written, complete)
        return _response(written, request.headers.get("if-none-match"))

    routes.add_api_route(
        f"/{report.name}",
        read,
        methods=["GET"],
        name=report.name,
        summary=report.en,
        operation_id=f"report_{report.name}",
        response_model=Answer[report.row],  # type: ignore[name-defined]
        responses={
            200: {"headers": _HEADERS},
            304: {"description": "The figures did not change", "headers": _HEADERS},
            **problem_responses(401, 403, 422, 503),
        },
        openapi_extra={"parameters": parameters.of_report(report)},
    )


def _info(report: Report) -> ReportInfo:
    return ReportInfo(
        report=report.name,
        name=Sentence(vi=report.vi, en=report.en),
        by=[*report.by, *UNITS],
        address=f"{BASE}/reports/{report.name}",
    )


def _written(made: Answer[Any], revisions: Mapping[int, int]) -> Written:
    """The ETag leaves the clock out: it moves on while all else stays."""
    figures = made.model_dump_json(exclude={"true_as_of"}).encode()
    etag = f'W/"{hashlib.sha256(figures).hexdigest()[:32]}"'
    return Written(made, etag, revisions)


def _retold(written: Written, complete: Completeness) -> Written:
    """Nothing was projected since: the same figures are true as of a later instant."""
    made = written.made.model_copy(update=complete.fields())
    kept = written.made.model_copy(update={"true_as_of": made.true_as_of})
    same = made.fields() == kept.fields()
    return written._replace(made=made) if same else _written(made, written.revisions)


def _response(written: Written, known: str | None) -> Response:
    headers = {"ETag": written.etag, "Cache-Control": "no-cache, private"}
    if true_as_of := written.made.true_as_of:
        headers["True-As-Of"] = true_as_of.isoformat().replace("+00:00", "Z")
    if has(written.etag, known):
        return Response(status_code=304, headers=headers)
    body = written.made.model_dump_json()
    return Response(body, media_type="application/json", headers=headers)
