"""A faithful stand-in for an SMS provider: a real HTTP server with a memory and bad days."""

import json
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import Enum
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from tests import calls
from tests.eventually import PATIENCE_S


class Manner(Enum):
    """How the provider treats the next submissions."""

    ACCEPT = "takes it and says so"
    REFUSE = "does not take it and says why"
    DROP_BEFORE_READING = "closes the connection and takes nothing"
    DROP_AFTER_TAKING = "takes it and closes the connection"
    HOLD_BEFORE_TAKING = "reads it, takes it only when it is let go"
    HOLD_AFTER_TAKING = "takes it and answers only when it is let go"
    BABBLE = "takes it and answers something unreadable"


@dataclass
class Sandbox:
    """`taken` are the SMS that would reach phones, by our request id."""

    server: ThreadingHTTPServer
    manner: Manner = Manner.ACCEPT
    status: int = 500
    retry_after: str | None = None
    taken: Counter[str] = field(default_factory=Counter)
    bodies: list[dict[str, Any]] = field(default_factory=list)
    tokens: set[str] = field(default_factory=set)
    asked: threading.Semaphore = field(default_factory=lambda: threading.Semaphore(0))
    """Released once a submission that is held has been read."""
    let_go: threading.Event = field(default_factory=threading.Event)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server.server_address[1]}/send"

    def message_id(self, request_id: str) -> str:
        """The provider's own id for it."""
        return f"p-{request_id}"

    def post_receipt(
        self, notify_url: str, secret: str, request_id: str, status: str = "delivered"
    ) -> int:
        """As the provider's webhook does; the status of the answer."""
        message_id = self.message_id(request_id)
        receipt = {"message_id": message_id, "request_id": request_id, "status": status}
        answer = calls.post(
            f"{notify_url}/api/notify/v1/receipts",
            json=receipt,
            headers={"Authorization": f"Bearer {secret}"},
        )
        return answer.status_code

    def submit(self, body: dict[str, Any]) -> tuple[int, bytes] | None:
        """What is answered; None closes the connection."""
        if self.manner is Manner.DROP_BEFORE_READING:
            return None
        if self.manner is Manner.REFUSE:
            return self.status, b'{"error": "refused"}'
        if self.manner is Manner.HOLD_BEFORE_TAKING:
            self._hold()
        self.taken[body["request_id"]] += 1
        self.bodies.append(body)
        if self.manner is Manner.HOLD_AFTER_TAKING:
            self._hold()
        return self._answer(body)

    def _answer(self, body: dict[str, Any]) -> tuple[int, bytes] | None:
        if self.manner is Manner.DROP_AFTER_TAKING:
            return None
        if self.manner is Manner.BABBLE:
            return 200, b"<html>OK</html>"
        answer = {"message_id": self.message_id(body["request_id"]), "cost_vnd": 345}
        return 202, json.dumps(answer).encode()

    def _hold(self) -> None:
        self.asked.release()
        self.let_go.wait(PATIENCE_S)


@contextmanager
def sandbox() -> Iterator[Sandbox]:
    """Serves on a loopback port until the block ends."""
    server = _Server(("127.0.0.1", 0), _Handler)
    made = Sandbox(server)
    server.sandbox = made  # type: ignore[attr-defined]
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield made
    finally:
        made.let_go.set()
        server.shutdown()
        server.server_close()
        thread.join()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:  # the name that http.server looks for
        provider: Sandbox = self.server.sandbox  # type: ignore[attr-defined]
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        provider.tokens.add(self.headers.get("Authorization", ""))
        answer = provider.submit(body)
        if answer is None:
            self.close_connection = True
            return
        status, content = answer
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        if provider.retry_after:
            self.send_header("Retry-After", provider.retry_after)
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_: object) -> None:
        """Says nothing: numbers belong into no log."""
