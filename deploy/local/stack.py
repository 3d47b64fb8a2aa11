"""The three services as child processes that share one environment."""

import os
import subprocess
import urllib.error
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from deploy.local.places import ROOT, VENV_PYTHON
from deploy.local.ports import LOOPBACK, free_port
from deploy.local.process import Child
from deploy.local.sentence import CannotRun
from deploy.local.settings import SERVICES
from deploy.local.waiting import HANGS_AFTER_S, wait_until

COMMAND = (str(VENV_PYTHON), "-m", "services.cli")


@dataclass(kw_only=True)
class Stack:
    """Each process can be started, ended, killed, and started again at the port that it had."""

    folder: Path
    """Of the processes' logs."""
    settings: Mapping[str, str]
    """What services and commands are told, beside the caller's own environment."""
    ports: dict[str, int] = field(default_factory=lambda: {name: free_port() for name in SERVICES})
    """By process: a service's first one bears its name."""
    code: Path = ROOT
    """Of which version services and commands are."""
    patience_s: float = HANGS_AFTER_S
    running: dict[str, Child] = field(default_factory=dict)

    def url(self, name: str) -> str:
        """Such as `http://127.0.0.1:8101`."""
        return f"http://{LOOPBACK}:{self.ports[name]}"

    def start(self, *services: str) -> None:
        """Starts these, or all, and waits until they are ready."""
        for service in services or SERVICES:
            self.spawn(service, service)
        for service in services or SERVICES:
            self.wait_for(service)

    def start_beside(self, service: str, name: str, **settings: str) -> None:
        """One more process of a service, at a port of its own, ready."""
        self.spawn(service, name, **settings)
        self.wait_for(name)

    def spawn(self, service: str, name: str, **settings: str) -> None:
        """The same without waiting for it."""
        port = self.ports.setdefault(name, free_port())
        told = self.environment | {f"{service.upper()}_PORT": str(port)} | settings
        log = self.folder / f"{name}.log"
        self.running[name] = Child([*COMMAND, service, "serve"], log, told, self.code, name)

    def wait_for(self, name: str) -> None:
        """Until it is ready. Raises: CannotRun."""
        wait_until(partial(self.is_ready, name), self.running[name], self.patience_s)

    def is_ready(self, name: str) -> bool:
        """As `/readyz` of this process says."""
        address = f"http://{LOOPBACK}:{self.ports[name]}/readyz"
        try:
            with urllib.request.urlopen(address, timeout=self.patience_s) as answer:
                return bool(answer.status == 200)
        except (urllib.error.URLError, OSError):
            return False

    def kill(self, name: str) -> None:
        """kill -9."""
        self.running.pop(name).kill()

    def stop(self, *names: str) -> None:
        """These, or all that still run, in order."""
        ending = [self.running.pop(name) for name in names or tuple(self.running)]
        for child in ending:
            child.ask_to_end()
        for child in ending:
            child.stop()

    def run(self, *words: str, given: str = "") -> subprocess.CompletedProcess[str]:
        """`tungngo WORDS` in this environment, whatever comes of it."""
        return subprocess.run(
            [*COMMAND, *words],
            env=self.environment,
            cwd=self.code,
            input=given,
            capture_output=True,
            text=True,
            timeout=self.patience_s,
        )

    def command(self, *words: str, given: str = "") -> str:
        """Its standard output. Raises: CannotRun where it fails."""
        done = self.run(*words, given=given)
        if done.returncode:
            said = " ".join(("tungngo", *words))
            raise CannotRun(
                f"'{said}' không chạy được (mã {done.returncode}).",
                f"'{said}' failed (code {done.returncode}):\n{done.stderr[-2000:]}",
            )
        return done.stdout

    @property
    def environment(self) -> dict[str, str]:
        """What services and commands see."""
        ports = {f"{name.upper()}_PORT": str(self.ports[name]) for name in SERVICES}
        return {**os.environ, **self.settings, **ports}
