"""Each request counted, timed and, where tracing is on, traced."""

import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, nullcontext

from opentelemetry import trace
from prometheus_client import Counter, Histogram
from starlette.routing import BaseRoute, Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from services.platform.process.telemetry import context_of, is_traced

REQUESTS = Counter("http_requests", "Requests answered", ("method", "route", "status"))
LATENCY = Histogram(
    "http_request_seconds",
    "Time to the end of the answer",
    ("route",),
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10),
)
_TRACER = trace.get_tracer(__name__)


def begin_at_zero(routes: Iterable[BaseRoute]) -> None:
    """So that the first answer without a part is seen to grow."""
    for route in routes:
        if isinstance(route, Route):
            for method in route.methods or ():
                REQUESTS.labels(method, route.path, "503")


class Observed:
    """ASGI middleware; a route's template stands in the labels, never the address asked for."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._is_traced = is_traced()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return await self._app(scope, receive, send)
        started, status = time.perf_counter(), 500

        async def answer(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            with _traced(scope) if self._is_traced else nullcontext():
                await self._app(scope, receive, answer)
        finally:
            route = _route(scope)
            REQUESTS.labels(scope["method"], route, str(status)).inc()
            LATENCY.labels(route).observe(time.perf_counter() - started)


@contextmanager
def _traced(scope: Scope) -> Iterator[None]:
    parent = next((v.decode("latin-1") for k, v in scope["headers"] if k == b"traceparent"), None)
    with _TRACER.start_as_current_span(scope["method"], context_of(parent)) as span:
        try:
            yield
        finally:
            span.update_name(f"{scope['method']} {_route(scope)}")


def _route(scope: Scope) -> str:
    return getattr(scope.get("route"), "path", "unknown")
