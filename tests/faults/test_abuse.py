"""Whatever is sent to a service's port, it answers or hangs up, and lives on in its memory."""

import base64
import contextlib
import gzip
import json
import os
import re
import resource
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from deploy.local.places import ROOT
from tests import calls
from tests.eventually import PATIENCE_S, eventually

MEMORY = 512 * 1024 * 1024
"""As docker-compose gives to each."""
KEY = base64.b64encode(bytes(32)).decode()
NOWHERE = {"MONGO_URL": "mongodb://127.0.0.1:1", "BROKER_URL": "amqp://127.0.0.1:1"}
TOLD = {
    "registration": {
        "CITIZENS_MONGO_URL": "mongodb://127.0.0.1:1",
        **dict.fromkeys(("PAYLOAD_KEY", "INDEX_KEY", "MASTER_KEY", "NOTIFY_WRAP_KEY"), KEY),
        "TOKEN_PRIVATE_KEY": "none",
    },
    "reporting": {},
    "notify": {"NOTIFY_WRAP_KEY": KEY, "TOKEN_PUBLIC_KEY": "none"},
}
PATHS = {
    "registration": (
        "/api/registration/v1/sessions",
        "/api/registration/v1/events",
        "/api/registration/v1/keys",
    ),
    "reporting": ("/api/reporting/v1/reports/overview",),
    "notify": ("/api/notify/v1/campaigns", "/api/notify/v1/receipts"),
}


@dataclass(frozen=True)
class Service:
    """A real process, whose database and broker never come."""

    name: str
    port: int
    process: subprocess.Popen[bytes]

    def send(self, *parts: bytes) -> int:
        """The status that comes back; 0 where it hangs up."""
        with socket.create_connection(("127.0.0.1", self.port)) as connection:
            connection.settimeout(PATIENCE_S)
            with contextlib.suppress(OSError):
                for part in parts:
                    connection.sendall(part)
            with contextlib.suppress(OSError):
                status = re.match(rb"HTTP/1.1 (\d{3})", connection.recv(4_096))
                return int(status[1]) if status else 0
        return 0

    async def is_alive(self) -> bool:
        async with calls.async_client(base_url=f"http://127.0.0.1:{self.port}") as http:
            with contextlib.suppress(httpx.TransportError):
                return (await http.get("/livez")).status_code == 200
        return False

    @property
    def most_memory(self) -> int:
        """Resident, since it began."""
        status = Path(f"/proc/{self.process.pid}/status").read_text()
        [kib] = re.findall(r"VmHWM:\s+(\d+) kB", status)
        return int(kib) * 1024


@contextlib.contextmanager
def service(name: str) -> Iterator[Service]:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    told = {**NOWHERE, **TOLD[name], "PORT": str(port), "MAX_HEADER_S": "2", "MAX_BODY_S": "4"}
    environment = {f"{name.upper()}_{key}": value for key, value in told.items()}
    with tempfile.TemporaryFile() as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "services.cli", name, "serve"],
            cwd=ROOT,
            env={**os.environ, **environment},
            stderr=log,
            preexec_fn=_within_memory,  # noqa: PLW1509  # no threads here
        )
        try:
            yield Service(name, port, process)
        finally:
            process.terminate()
            process.wait()


def _within_memory() -> None:
    resource.setrlimit(resource.RLIMIT_DATA, (2 * MEMORY, 2 * MEMORY))


def head(path: str, *headers: str) -> bytes:
    lines = [f"POST {path} HTTP/1.1", "Host: door.test", "Content-Type: application/json", *headers]
    return "\r\n".join([*lines, "", ""]).encode()


def abuses(path: str) -> Iterator[tuple[str, list[bytes]]]:
    megabyte = b"x" * 1_048_576
    chunked = head(path, "Transfer-Encoding: chunked")
    keys = json.dumps({f"k{n}": 1 for n in range(80_000)}).encode()
    bomb = gzip.compress(b"[" + b"[]," * 2_000_000 + b"[]]")
    yield "420 MB", [head(path, "Content-Length: 440401920"), *[megabyte] * 420]
    yield "chunks", [chunked, *[b"100000\r\n" + megabyte + b"\r\n"] * 100]
    yield "a header without end", [b"GET / HTTP/1.1\r\nX-A: ", *[megabyte] * 225]
    yield "an address without end", [b"GET /", *[megabyte] * 225]
    yield "headers", [b"GET / HTTP/1.1\r\n", *[b"X-A: b\r\n" * 100_000]]
    yield "a trailer without end", [chunked, b"0\r\nX-A: ", *[megabyte] * 225]
    yield "unknown keys", [head(path, f"Content-Length: {len(keys)}"), keys]
    yield "a bomb", [head(path, "Content-Encoding: gzip", f"Content-Length: {len(bomb)}"), bomb]
    yield "half a header", [b"POST / HTTP/1.1\r\nHost: do"]
    yield "half a body", [head(path, "Content-Length: 100"), b"{"]


@pytest.mark.parametrize("name", sorted(PATHS))
async def test_service_outlives_whatever_is_sent_to_it(name: str, real_processes: None) -> None:
    with service(name) as door:
        await eventually(door.is_alive)

        answers = {
            (path, case): door.send(*parts) for path in PATHS[name] for case, parts in abuses(path)
        }
        await eventually(door.is_alive)
        most = door.most_memory

    assert {k: s for k, s in answers.items() if not (s == 0 or 400 <= s < 500 or s == 503)} == {}
    assert most < MEMORY


async def test_thousand_connections_that_say_nothing_stop_nobody(real_processes: None) -> None:
    with service("notify") as door, contextlib.ExitStack() as held:
        await eventually(door.is_alive)
        for _ in range(900):
            held.enter_context(socket.create_connection(("127.0.0.1", door.port)))

        await eventually(door.is_alive)
        assert door.most_memory < MEMORY
