"""HTTP as the demo speaks it: JSON, patience with a busy server, and one sentence when it fails."""

import asyncio
import time
from collections.abc import Mapping
from types import TracebackType
from typing import Any, Self
from urllib.parse import urlencode

import orjson

from demo.connection import Answer, Connection, Lost

REGISTRATION = "/api/registration/v1"
REPORTING = "/api/reporting/v1"
BUSY = (429, 503)
PATIENCE_S = 120
ANSWER_WITHIN_S = 60
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
    """One service, over a few connections; everything sent to it may be sent again."""

    def __init__(self, url: str, connections: int, patience_s: float = PATIENCE_S) -> None:
        self.url = url.rstrip("/")
        self._patience_s = patience_s
        self._turns = asyncio.Semaphore(connections)
        self._idle: list[Connection] = []

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for connection in self._idle:
            connection.close()

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
        target = f"{path}?{urlencode(query)}" if query else path
        until, pause = time.monotonic() + self._patience_s, FIRST_PAUSE_S
        while True:
            answer = await self._ask(method, target, sent, body)
            if answer and 200 <= answer.status < 300:
                return answer.body
            if answer and answer.status not in BUSY:
                raise _refused(answer)
            if time.monotonic() > until:
                raise _refused(answer) if answer else _silent(self.url)
            await asyncio.sleep(min(_asked_to_wait(answer) or pause, LONGEST_PAUSE_S))
            pause = min(pause * 2, LONGEST_PAUSE_S)

    async def _ask(
        self, method: str, target: str, headers: Mapping[str, str], body: bytes
    ) -> Answer | None:
        """None where nobody answered."""
        async with self._turns:
            try:
                async with asyncio.timeout(ANSWER_WITHIN_S):
                    connection = await self._connection()
                    answer = await connection.ask(method, target, headers, body)
            except (Lost, OSError):  # a timeout is an OSError too
                return None
            self._idle.append(connection)
            return answer

    async def _connection(self) -> Connection:
        while self._idle:
            if (connection := self._idle.pop()).usable:
                return connection
        return await Connection.to(self.url)


def _asked_to_wait(answer: Answer | None) -> float:
    text = answer.headers.get(b"retry-after", b"") if answer else b""
    return float(text) if text.isdigit() else 0.0


def _silent(url: str) -> CannotPlay:
    return CannotPlay(
        f"Không kết nối được {url}. Hãy chạy 'make up' rồi thử lại.",
        f"{url} does not answer. Run 'make up' and try again.",
    )


def _refused(answer: Answer) -> Refused:
    try:
        code = str(orjson.loads(answer.body).get("code", ""))
    except (orjson.JSONDecodeError, AttributeError):
        code = ""
    return Refused(answer.status, code)
