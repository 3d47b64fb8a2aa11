"""`/tally`: what a device sent, for itself and for its ward."""

import re
from typing import Annotated

from fastapi import APIRouter, Depends, Request

from services.platform.access.auth import Reader
from services.platform.access.readers import Matter, must_read
from services.platform.http.app import problem_responses
from services.platform.problems import Problem
from services.reporting import problems
from services.reporting.asking.answers import Tally
from services.reporting.asking.drill_down import FromFacts
from services.reporting.asking.tally import tally
from services.reporting.http import parameters, query
from services.reporting.http.deps import BASE, Deps

_DEVICE = re.compile(r"[a-z0-9-]{2,64}")


def router(deps: Deps) -> APIRouter:
    """One route."""
    routes = APIRouter(prefix=BASE, tags=["reports"])

    @routes.get(
        "/tally",
        operation_id="tally",
        responses=problem_responses(401, 403, 422, 503),
        openapi_extra={"parameters": [parameters.DEVICE, *parameters.PERIOD]},
    )
    async def own(
        request: Request, reader: Annotated[Reader, Depends(deps.reader(Matter.TALLY))]
    ) -> Tally:
        """What a device sent, by day and result."""
        params = request.query_params
        query.no_others(params, ("device", "from", "to"))
        device = params.get("device", "")
        if not _DEVICE.fullmatch(device):
            raise Problem(problems.INVALID_DEVICE, "/query/device")
        is_own = reader.source == f"/device/{device}"
        if not is_own:
            must_read(reader.role, reader.source, Matter.FIGURES)
        everywhere = Reader(reader.source, reader.role, None) if is_own else reader
        question = query.question(params, everywhere, deps.today())
        facts = FromFacts(deps.sources.drill_down)
        complete = await deps.completeness()
        return await tally(
            device, question.days, question.wards, deps.sources.cells, facts, complete
        )

    return routes
