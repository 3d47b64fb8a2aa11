"""A route on the hot path: documented like all others, and served without their cost."""

from collections.abc import Callable, Coroutine, Iterable
from typing import Any

from fastapi import APIRouter, FastAPI, Request, Response
from fastapi.routing import APIRoute
from starlette.routing import BaseRoute, Match
from starlette.types import Receive, Scope, Send

Handler = Callable[[Request], Coroutine[Any, Any, Response]]


class PlainRoute(APIRoute):
    """Its function gets the request alone, and reads and answers everything by itself.

    What is declared of it (dependencies, parameters, models) stands in the document only, for
    FastAPI's own handler takes longer to resolve that than an event takes to be judged. Its path
    has no parameters.
    """

    def get_route_handler(self) -> Handler:
        """The function itself."""
        handler: Handler = self.endpoint
        return handler


class Shortcut(BaseRoute):
    """Finds a plain route by its whole path, before any router is searched."""

    def __init__(self, route: PlainRoute) -> None:
        self._asked = frozenset((route.path, method) for method in route.methods or ())
        self._handler = route.get_route_handler()
        self._found = {"endpoint": route.endpoint, "route": route}

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        """Whatever else is asked of this path is left to the routers."""
        if scope["type"] == "http" and (scope["path"], scope["method"]) in self._asked:
            return Match.FULL, self._found
        return Match.NONE, {}

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answers; what it raises is answered as anywhere else."""
        response = await self._handler(Request(scope, receive, send))
        await response(scope, receive, send)


def take_shortcuts(app: FastAPI, routers: Iterable[APIRouter]) -> None:
    """Puts the plain routes among these before all others."""
    for router in routers:
        for route in router.routes:
            if isinstance(route, PlainRoute):
                app.router.routes.insert(0, Shortcut(route))
