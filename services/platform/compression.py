"""Large answers leave compressed, for those who accept it."""

from collections.abc import Mapping

from starlette.datastructures import Headers, MutableHeaders
from starlette.middleware.gzip import GZipMiddleware
from starlette.types import ASGIApp, Receive, Scope, Send

LEAST_BYTES = 1_024
_LEVEL = 5
_GZIP = ("gzip", "x-gzip")


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
    accepted = ", ".join(Headers(scope=scope).getlist("accept-encoding"))
    headers = MutableHeaders(raw=list(scope["headers"]))
    headers["accept-encoding"] = "gzip" if accepts_gzip(accepted) else "identity"
    scope["headers"] = headers.raw


def accepts_gzip(header: str) -> bool:
    """RFC 9110, 12.5.3: by its own weight, else by that of `*`; 0 is a refusal."""
    weights = _weights(header)
    named = [weights[name] for name in _GZIP if name in weights]
    return max(named, default=weights.get("*", 0.0)) > 0


def _weights(header: str) -> Mapping[str, float]:
    found: dict[str, float] = {}
    for part in header.lower().split(","):
        coding, *parameters = (word.strip() for word in part.split(";"))
        given = (p.partition("=")[2] for p in parameters if p.replace(" ", "").startswith("q="))
        found[coding] = _number(next(given, "1"))
    return found


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return 0.0
