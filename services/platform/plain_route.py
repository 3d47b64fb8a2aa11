"""A route on the hot path: documented like all others, and served without their cost."""

from collections.abc import Callable, Coroutine
from typing import Any

from fastapi import Request, Response
from fastapi.routing import APIRoute


class PlainRoute(APIRoute):
    """Its function gets the request alone, and reads and answers everything by itself.

    What is declared of it (dependencies, parameters, models) stands in the document only, for
    FastAPI's own handler takes longer to resolve that than an event takes to be judged.
    """

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """The function itself."""
        handler: Callable[[Request], Coroutine[Any, Any, Response]] = self.endpoint
        return handler
