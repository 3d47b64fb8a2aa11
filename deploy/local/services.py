"""The three services as child processes."""

import os
import subprocess
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import partial

from deploy.local.places import LOGS, ROOT, VENV_PYTHON
from deploy.local.ports import LOOPBACK, is_free
from deploy.local.process import Child
from deploy.local.progress import step
from deploy.local.sentence import CannotRun
from deploy.local.settings import SERVICES, port_of
from deploy.local.waiting import HANGS_AFTER_S, wait_until

COMMAND = (str(VENV_PYTHON), "-m", "services.cli")


def address(service: str) -> str:
    return f"http://{LOOPBACK}:{port_of(service)}"


def check_ports() -> None:
    """Raises: CannotRun naming the first port that somebody else has."""
    for service in SERVICES:
        port = port_of(service)
        if not is_free(port):
            variable = f"{service.upper()}_PORT"
            raise CannotRun(
                f"Cổng {port} ({service}) đang được dùng; hãy dừng chương trình đó"
                f" hoặc đặt {variable}.",
                f"Port {port} ({service}) is in use; stop that program or set {variable}.",
            )


def declare_topology(told: Mapping[str, str]) -> None:
    """Exchanges and queues; changes nothing where they are."""
    with step("Khai báo hàng đợi", "Queues declared"):
        declared = subprocess.run(
            [*COMMAND, "topology", "declare"],
            env=os.environ | told,
            cwd=ROOT,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=HANGS_AFTER_S,
        )
        if declared.returncode:
            raise CannotRun(
                "Không khai báo được hàng đợi trên RabbitMQ.",
                f"Could not declare the queues on RabbitMQ:\n{declared.stderr[-1000:]}",
            )


@contextmanager
def services(told: Mapping[str, str]) -> Iterator[list[Child]]:
    """All three, ready, until the block ends."""
    running: list[Child] = []
    try:
        with step("Ba dịch vụ", "The three services"):
            running.extend(_start(service, told) for service in SERVICES)
            for child in running:
                wait_until(partial(_is_ready, child.name), child)
        yield running
    finally:
        with step("Dừng ba dịch vụ", "The three services end"):
            for child in running:
                child.ask_to_end()
            for child in running:
                child.stop()


def _start(service: str, told: Mapping[str, str]) -> Child:
    return Child(
        [*COMMAND, service, "serve"],
        LOGS / f"{service}.log",
        env=os.environ | told,
        cwd=ROOT,
        name=service,
    )


def _is_ready(service: str) -> bool:
    try:
        with urllib.request.urlopen(  # noqa: S310 - our own
            f"{address(service)}/readyz", timeout=HANGS_AFTER_S
        ) as answer:
            return bool(answer.status == 200)
    except (urllib.error.URLError, OSError):
        return False
