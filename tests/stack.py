"""The three services as real processes, on servers, ports and databases of a test's own."""

import os
import subprocess
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import TypeVar

import httpx

from deploy.local import keys
from deploy.local.ports import LOOPBACK, free_port
from deploy.local.process import Child
from deploy.local.services import COMMAND
from deploy.local.waiting import wait_until
from tests.eventually import PATIENCE_S

ROOT = Path(__file__).parent.parent
SERVICES = ("registration", "reporting", "notify")

S = TypeVar("S", bound="Stack")


@dataclass
class Stack:
    """Each service can be killed and started again; all share one environment."""

    folder: Path
    mongo_url: str
    broker_url: str
    database: str
    settings: Mapping[str, str] = field(default_factory=dict)
    """What this test says otherwise, such as NOTIFY_DELAY_S."""
    code: Path = ROOT
    """Of which version the services and commands are."""
    ports: dict[str, int] = field(default_factory=lambda: {s: free_port() for s in SERVICES})
    running: dict[str, Child] = field(default_factory=dict)

    def url(self, service: str) -> str:
        """Such as `http://127.0.0.1:8101`."""
        return f"http://{LOOPBACK}:{self.ports[service]}"

    def start(self, *services: str) -> None:
        """Starts these, or all, and waits until they are ready."""
        for service in services or SERVICES:
            self._spawn(service, service, self.environment)
        for service in services or SERVICES:
            self.wait_for(service)

    def start_beside(self, service: str, name: str, **settings: str) -> None:
        """One more process of a service, at a port of its own, ready."""
        self.spawn(service, name, **settings)
        self.wait_for(name)

    def spawn(self, service: str, name: str, **settings: str) -> None:
        """The same without waiting for it; started again, it has the port that it had."""
        self.ports.setdefault(name, free_port())
        port = {f"{service.upper()}_PORT": str(self.ports[name])}
        self._spawn(service, name, self.environment | port | settings)

    def kill(self, service: str) -> None:
        """kill -9."""
        self.running.pop(service).kill()

    def stop_some(self, *names: str) -> None:
        """These processes, in order."""
        for name in names:
            self.running.pop(name).stop()

    def stop(self) -> None:
        """All that still run, in order."""
        for child in self.running.values():
            child.ask_to_end()
        for child in self.running.values():
            child.stop()
        self.running.clear()

    def is_ready(self, service: str) -> bool:
        """As `/readyz` says."""
        try:
            return httpx.get(f"{self.url(service)}/readyz", timeout=PATIENCE_S).is_success
        except httpx.HTTPError:
            return False

    def command(self, *words: str, given: str = "") -> str:
        """`tungngo WORDS` in this environment; its standard output."""
        done = subprocess.run(
            [*COMMAND, *words],
            env=self.environment,
            cwd=self.code,
            input=given,
            capture_output=True,
            text=True,
            timeout=PATIENCE_S,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    def wait_for(self, name: str) -> None:
        """Until it is ready."""
        wait_until(partial(self.is_ready, name), self.running[name], PATIENCE_S)

    def _spawn(self, service: str, name: str, told: Mapping[str, str]) -> None:
        log = self.folder / f"{name}.log"
        self.running[name] = Child([*COMMAND, service, "serve"], log, told, self.code, name)

    @property
    def environment(self) -> dict[str, str]:
        """What the services and commands are told."""
        told = {
            "SECRETS_DIR": str(self.folder / "secrets"),
            "MESSAGING_BROKER_URL": self.broker_url,
            "REGISTRATION_CITIZENS_MONGO_URL": self.mongo_url,
            "REGISTRATION_CITIZENS_MONGO_DATABASE": f"{self.database}_citizens",
            "REPORTING_ANONYMOUS_READING": "true",
            "NOTIFY_ANONYMOUS_READING": "true",
            "NOTIFY_CONSOLE_FILE": str(self.folder / "sms.jsonl"),
            "NOTIFY_DELAY_S": "1",
        }
        for service in SERVICES:
            prefix = service.upper()
            told |= {
                f"{prefix}_MONGO_URL": self.mongo_url,
                f"{prefix}_MONGO_DATABASE": f"{self.database}_{service}",
                f"{prefix}_BROKER_URL": self.broker_url,
                f"{prefix}_PORT": str(self.ports[service]),
            }
        return {**os.environ, **told, **self.settings}


def stack(
    mongo_url: str, broker_url: str, database: str, **settings: str
) -> AbstractContextManager[Stack]:
    """Queues declared, keys made, nothing started yet; everything ends with the block."""
    return prepared(lambda folder: Stack(folder, mongo_url, broker_url, database, settings))


@contextmanager
def prepared(make: Callable[[Path], S]) -> Iterator[S]:
    """The same for a stack of any kind, in a folder of its own."""
    with tempfile.TemporaryDirectory(prefix="tungngo-stack-") as folder:
        made = make(Path(folder))
        keys.write_missing(made.folder / "secrets")
        made.command("topology", "declare")
        try:
            yield made
        finally:
            made.stop()
