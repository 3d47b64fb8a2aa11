"""How a provider is asked over HTTP: what left, what surely did not, and what nobody knows."""

import asyncio
import ssl
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache

import httpx

from services.notify.providers.provider import (
    HELD_BACK,
    MayLeave,
    SurelyNotAccepted,
    Unknown,
    at_once,
)

_MISCONFIGURED = frozenset({401, 402, 403, 404, 405})
_IDLE_S = 5.0
"""Shorter than a server keeps an idle connection, so that none is closed under a request."""
_LONGEST_REST_S = 3_600.0
_FIRST_BYTE = "http11.send_request_headers.started"
"""As httpcore's trace extension names it: there is a connection by then."""


@cache
def _trusted() -> ssl.SSLContext:
    """The authorities of the web, read once for all providers: that takes longer than an SMS."""
    return httpx.create_ssl_context(trust_env=False)


class _HeldBack(Exception):
    """The SMS may not leave any more."""


class _FirstByte:
    """Follows a request through httpcore; nothing waits between its last word and the byte."""

    def __init__(self, may_leave: MayLeave) -> None:
        self._may_leave = may_leave
        self.left = False

    async def __call__(self, step: str, _: object) -> None:
        if step == _FIRST_BYTE:
            if not await self._may_leave():
                raise _HeldBack
            self.left = True


@dataclass(frozen=True, slots=True)
class HttpAnswer:
    """What came back; the names of its headers are in lower case."""

    status: int
    body: bytes
    headers: Mapping[str, str] = field(default_factory=dict)

    def seconds(self, header: str) -> float | None:
        """A header that says how long to wait; an hour at most."""
        said = self.headers.get(header, "")
        is_number = said.isascii() and said.isdecimal()
        return min(float(said), _LONGEST_REST_S) if is_number else None


class Posting:
    """The connections to one provider; no answer takes longer than `timeout_s` as a whole."""

    def __init__(self, timeout_s: float, headers: Mapping[str, str] | None = None) -> None:
        self._timeout_s = timeout_s
        self._client = httpx.AsyncClient(
            headers=headers,
            timeout=httpx.Timeout(timeout_s, connect=timeout_s / 2, pool=timeout_s / 2),
            limits=httpx.Limits(keepalive_expiry=_IDLE_S),
            follow_redirects=False,
            trust_env=False,
            verify=_trusted(),
        )

    async def post(
        self,
        url: str,
        *,
        json: object = None,
        form: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
        may_leave: MayLeave = at_once,
    ) -> HttpAnswer | SurelyNotAccepted | Unknown:
        """One try; raises nothing of its own. `may_leave` is asked once there is a connection."""
        first_byte = _FirstByte(may_leave)
        try:
            async with asyncio.timeout(self._timeout_s):
                said = await self._client.post(
                    url, json=json, data=form, headers=headers, extensions={"trace": first_byte}
                )
        except _HeldBack:
            return HELD_BACK
        except (httpx.HTTPError, TimeoutError):
            if first_byte.left:
                return Unknown("no_answer")
            return SurelyNotAccepted("provider_unreachable", retryable=True)
        return HttpAnswer(said.status_code, said.content, dict(said.headers))

    async def close(self) -> None:
        """Ends the connections."""
        await self._client.aclose()


def refused_by_status(answer: HttpAnswer) -> SurelyNotAccepted | Unknown:
    """Of an answer whose status is all that can be read: it may have left, but for a few."""
    if answer.status == 429:
        rest_s = answer.seconds("retry-after")
        return SurelyNotAccepted("provider_busy", retryable=True, retry_after_s=rest_s)
    if answer.status in _MISCONFIGURED:
        return SurelyNotAccepted(f"provider_refused_{answer.status}", retryable=True)
    return Unknown(f"provider_answered_{answer.status}")


def host_of(url: str) -> str:
    """To whom it leads."""
    return httpx.URL(url).host


def checked_url(url: str, variable: str) -> str:
    """Raises: ValueError, naming the variable."""
    try:
        read = httpx.URL(url)
    except httpx.InvalidURL as error:
        raise ValueError(f"{variable} is no address") from error
    if read.scheme not in ("http", "https") or not read.host:
        raise ValueError(f"{variable} begins with https:// or http://")
    return url.rstrip("/")
