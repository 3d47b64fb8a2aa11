"""HTTP as the demo speaks it: JSON, patience with a busy server, and one sentence when it fails."""

import asyncio
import time
from collections.abc import Mapping
from types import TracebackType
from typing import Any, Self

import httpx
import orjson

REGISTRATION = "/api/registration/v1"
REPORTING = "/api/reporting/v1"
BUSY = (429, 503)
PATIENCE_S = 120
FIRST_PAUSE_S = 0.2
LONGEST_PAUSE_S = 5.0


class CannotPlay(Exception):
    """One sentence in Vietnamese and one in English; nothing more to be done."""

    def __init__(self, vi: str, en: str) -> None:
        super().__init__(f"{vi}\n{en}")


class Refused(Exception):
    """The server answered with a problem."""

    def __init__(self, status: int, code: str) -> None:
        super().__init__(f"{status} {code}")
        self.status = status
        self.code = code


class Server:
    """One service; everything sent to it may be sent again."""

    def __init__(self, url: str, connections: int) -> None:
        limits = httpx.Limits(
            max_connections=connections, max_keepalive_connections=connections, keepalive_expiry=3
        )
        self.url = url
        self._http = httpx.AsyncClient(base_url=url, limits=limits, timeout=60, trust_env=False)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self._http.aclose()

    async def get(self, path: str, token: str = "", **query: str) -> Any:
        """The decoded answer. Raises: Refused, CannotPlay."""
        return orjson.loads(await self.send("GET", path, token=token, query=query))

    async def text(self, path: str) -> str:
        """The answer as it is. Raises: Refused, CannotPlay."""
        return (await self.send("GET", path)).decode()

    async def post(self, path: str, document: object, token: str = "") -> Any:
        """The decoded answer, None where there is none. Raises: Refused, CannotPlay."""
        headers = {"Content-Type": "application/json"}
        answer = await self.send("POST", path, orjson.dumps(document), headers, token)
        return orjson.loads(answer) if answer else None

    async def send(
        self,
        method: str,
        path: str,
        body: bytes = b"",
        headers: Mapping[str, str] | None = None,
        token: str = "",
        query: Mapping[str, str] | None = None,
    ) -> bytes:
        """The body of the answer, after as many attempts as patience allows."""
        sent = dict(headers or {})
        if token:
            sent["Authorization"] = f"Bearer {token}"
        until, pause = time.monotonic() + PATIENCE_S, FIRST_PAUSE_S
        while True:
            try:
                answer = await self._http.request(
                    method, path, content=body, headers=sent, params=query
                )
            except httpx.TransportError as error:
                asked = 0.0
                if time.monotonic() > until:
                    raise _silent(self.url) from error
            else:
                if answer.is_success:
                    return answer.content
                if answer.status_code not in BUSY or time.monotonic() > until:
                    raise _refused(answer)
                asked = _seconds(answer.headers.get("retry-after", ""))
            await asyncio.sleep(min(asked or pause, LONGEST_PAUSE_S))
            pause = min(pause * 2, LONGEST_PAUSE_S)


def _seconds(text: str) -> float:
    return float(text) if text.isdigit() else 0.0


def _silent(url: str) -> CannotPlay:
    return CannotPlay(
        f"Không kết nối được {url}. Hãy chạy 'make up' rồi thử lại.",
        f"{url} does not answer. Run 'make up' and try again.",
    )


def _refused(answer: httpx.Response) -> Refused:
    try:
        code = str(answer.json().get("code", ""))
    except ValueError:
        code = ""
    return Refused(answer.status_code, code)
