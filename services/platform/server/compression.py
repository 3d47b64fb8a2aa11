"""Large answers leave compressed, for those who accept it."""

from starlette.datastructures import MutableHeaders
from starlette.middleware.gzip import GZipMiddleware
from starlette.types import ASGIApp, Receive, Scope, Send

from services.platform.server.content_coding import takes_gzip

LEAST_BYTES = 1_024
_LEVEL = 5


class Compressed:
    """ASGI middleware for what is read; what is posted has small answers, and many."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._compressing = GZipMiddleware(app, LEAST_BYTES, _LEVEL)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["method"] == "GET":
            _judge(scope)
            await self._compressing(scope, receive, send)
        else:
            await self._app(scope, receive, send)


def _judge(scope: Scope) -> None:
    """What is inside looks for the word alone."""
    headers = MutableHeaders(raw=list(scope["headers"]))
    headers["accept-encoding"] = "gzip" if takes_gzip(headers) else "identity"
    scope["headers"] = headers.raw
