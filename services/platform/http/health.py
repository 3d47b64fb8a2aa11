"""Whether a process lives, and whether it can do its work."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping

from fastapi import APIRouter, Response
from fastapi.responses import JSONResponse
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

Check = Callable[[], Awaitable[None]]
"""Raises when the part it asks is not there."""

CHECK_TIMEOUT_S = 2.0


def router(checks: Mapping[str, Check]) -> APIRouter:
    """`/livez` says the process answers, `/readyz` asks each part, `/metrics` is Prometheus'."""
    routes = APIRouter(tags=["operation"])

    @routes.get("/livez")
    async def livez() -> dict[str, str]:
        return {"status": "alive"}

    @routes.get("/readyz", responses={503: {"description": "A part is missing"}})
    async def readyz() -> JSONResponse:
        answers = await asyncio.gather(*(_ask(check) for check in checks.values()))
        parts = dict(zip(checks, answers, strict=True))
        ready = all(answer == "ready" for answer in answers)
        return JSONResponse(
            {"status": "ready" if ready else "not ready", "parts": parts}, 200 if ready else 503
        )

    @routes.get("/metrics", response_class=Response)
    async def metrics() -> Response:
        return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)

    return routes


async def _ask(check: Check) -> str:
    try:
        async with asyncio.timeout(CHECK_TIMEOUT_S):
            await check()
    except Exception as error:  # noqa: BLE001  # whatever a part raises, it is not ready
        return type(error).__name__
    return "ready"
