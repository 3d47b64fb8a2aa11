"""What the stand-ins share: a real HTTP server each, and bad days."""

import base64
import json
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from tests.eventually import PATIENCE_S
from tests.notify.sandbox_http_provider import Manner


@dataclass(frozen=True)
class Asked:
    """A request as it came."""

    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: bytes

    @property
    def json(self) -> dict[str, Any]:
        parsed: dict[str, Any] = json.loads(self.body)
        return parsed

    @property
    def form(self) -> dict[str, str]:
        return dict(parse_qsl(self.body.decode()))

    @property
    def basic(self) -> str:
        """What stands in `Authorization: Basic`, such as `user:password`."""
        scheme, _, shown = self.headers.get("authorization", "").partition(" ")
        return base64.b64decode(shown).decode() if scheme == "Basic" else ""


@dataclass(frozen=True)
class Told:
    """An answer."""

    status: int
    body: object
    headers: Mapping[str, str] = field(default_factory=dict)

    @property
    def content(self) -> bytes:
        return self.body if isinstance(self.body, bytes) else json.dumps(self.body).encode()


class Imitation:
    """Answers by `answer`, unless its manner is a bad day's."""

    def __init__(self) -> None:
        self.manner = Manner.ACCEPT
        self.only_at: str | None = None
        """The one address that has bad days; None: all of them."""
        self.status = 503
        self.url = ""
        self.asked: list[Asked] = []
        self.held = threading.Semaphore(0)
        """Released once a request that is held has been read."""
        self.let_go = threading.Event()

    def answer(self, asked: Asked) -> Told:
        raise NotImplementedError

    def take(self, asked: Asked) -> Told | None:
        """None closes the connection."""
        self.asked.append(asked)
        if self.only_at and self.only_at != asked.path:
            return self.answer(asked)
        match self.manner:
            case Manner.DROP_BEFORE_READING:
                return None
            case Manner.REFUSE:
                return Told(self.status, b"<html>not now</html>")
            case Manner.HOLD_BEFORE_TAKING:
                self._hold()
        told = self.answer(asked)
        match self.manner:
            case Manner.DROP_AFTER_TAKING:
                return None
            case Manner.BABBLE:
                return Told(200, b"<html>OK</html>")
            case Manner.HOLD_AFTER_TAKING:
                self._hold()
        return told

    def _hold(self) -> None:
        self.held.release()
        self.let_go.wait(PATIENCE_S)


@contextmanager
def serving(imitation: Imitation) -> Iterator[None]:
    """On a loopback port of its own until the block ends."""
    server = _Server(("127.0.0.1", 0), _Handler)
    server.imitation = imitation
    imitation.url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield
    finally:
        imitation.let_go.set()
        server.shutdown()
        server.server_close()
        thread.join()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128
    imitation: Imitation


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _Server

    def do_POST(self) -> None:  # the name that http.server looks for
        told = self.server.imitation.take(self._asked())
        if told is None:
            self.close_connection = True
            return
        self.send_response(told.status)
        for name, value in {"Content-Type": "application/json", **told.headers}.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(told.content)))
        self.end_headers()
        self.wfile.write(told.content)

    do_GET = do_POST  # noqa: N815  # likewise

    def log_message(self, *_: object) -> None:
        """Says nothing: numbers belong into no log."""

    def _asked(self) -> Asked:
        address = urlsplit(self.path)
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        headers = {name.lower(): value for name, value in self.headers.items()}
        return Asked(address.path, dict(parse_qsl(address.query)), headers, body)
