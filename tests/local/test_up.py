"""`make up` as its user meets it: started, ended, crashed, started again."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import pytest
from pymongo import MongoClient

from deploy.local import ports, settings
from deploy.local.places import ROOT
from deploy.local.settings import SERVICES
from tests.eventually import PATIENCE_S, eventually

WELCOME = "Từng Ngõ đang chạy"
UP = (sys.executable, "-m", "deploy.local.up")


class Started(NamedTuple):
    process: subprocess.Popen[bytes]
    output: Path

    def says(self, sentence: str) -> bool:
        assert self.process.poll() is None, self.output.read_text()
        return sentence in self.output.read_text()


@pytest.fixture
def local(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A machine's state of its own, on ports of its own."""
    monkeypatch.setenv("TUNGNGO_LOCAL", str(tmp_path / "local"))
    for server in ("MONGO_URL", "BROKER_URL"):
        monkeypatch.delenv(server, raising=False)
    for service in SERVICES:
        monkeypatch.setenv(f"{service.upper()}_PORT", str(ports.free_port()))
    return tmp_path / "local"


@contextmanager
def up(local: Path, command: tuple[str, ...] = UP) -> Iterator[Started]:
    """Runs it until the block ends at the latest."""
    output = local.with_name("output")
    with output.open("wb") as file:
        process = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.DEVNULL, stdout=file)
    try:
        yield Started(process, output)
    finally:
        if process.poll() is None:
            process.terminate()
            process.wait(PATIENCE_S)


async def test_up_keeps_its_data_through_an_end_and_a_crash(
    real_processes: None, local: Path
) -> None:
    with up(local) as first:
        await eventually(lambda: first.says(WELCOME))
        children = _descendants(first.process.pid)
        assert [_ready(service) for service in SERVICES] == [200, 200, 200]
        _database(local)["registration"]["yesterday"].insert_one({"_id": "26740"})
        second = subprocess.run(UP, cwd=ROOT, capture_output=True, text=True, timeout=PATIENCE_S)
        assert second.returncode == 1
        assert "A 'make up' is running" in second.stderr

        first.process.send_signal(signal.SIGINT)

        assert first.process.wait(PATIENCE_S) == 0
        assert not [child for child in children if child.lives()]

    with up(local) as after_end:
        await eventually(lambda: after_end.says(WELCOME))
        assert _database(local)["registration"]["yesterday"].find_one() == {"_id": "26740"}
        children = _descendants(after_end.process.pid)
        assert len(children) >= len(SERVICES) + 3

        after_end.process.kill()

        await eventually(lambda: not [child for child in children if child.lives()])

    with up(local, ("make", "up")) as after_crash:
        await eventually(lambda: after_crash.says(WELCOME))
        assert _database(local)["registration"]["yesterday"].find_one() == {"_id": "26740"}
        children = _descendants(after_crash.process.pid)

        after_crash.process.kill()  # make alone; what it started notices

        await eventually(lambda: not [child for child in children if child.lives()])


def test_taken_port_is_named_and_nothing_is_started(real_processes: None, local: Path) -> None:
    with socket.create_server((ports.LOOPBACK, settings.port_of("reporting"))):
        refused = subprocess.run(UP, cwd=ROOT, capture_output=True, text=True, timeout=PATIENCE_S)

    assert refused.returncode == 1
    port = settings.port_of("reporting")
    assert f"Cổng {port} (reporting) đang được dùng" in refused.stderr
    assert f"Port {port} (reporting) is in use" in refused.stderr
    assert not (local / "mongod").exists()
    assert not (local / "rabbitmq").exists()


async def test_part_that_dies_is_named_and_all_others_end(
    real_processes: None, local: Path
) -> None:
    with up(local) as started:
        await eventually(lambda: started.says(WELCOME))
        children = _descendants(started.process.pid)
        mongod = next(child for child in children if "mongod" in child.command)

        os.kill(mongod.pid, signal.SIGKILL)

        assert started.process.wait(PATIENCE_S) == 1
        assert not [child for child in children if child.lives()]


def test_no_network_is_said_in_one_sentence(real_processes: None, tmp_path: Path) -> None:
    shutil.copytree(ROOT / "deploy", tmp_path / "deploy")
    shutil.copy(ROOT / "requirements-dev.lock", tmp_path)
    environment = {k: v for k, v in os.environ.items() if not k.startswith(("PIP_", "TUNGNGO_"))}
    nowhere = {"PIP_CONFIG_FILE": os.devnull, "PIP_INDEX_URL": "http://127.0.0.1:9/"}

    refused = subprocess.run(
        [sys.executable, "-m", "deploy.local", "setup"],
        cwd=tmp_path,
        env=environment | nowhere,
        capture_output=True,
        text=True,
        timeout=PATIENCE_S,
    )

    assert refused.returncode == 1
    assert "hãy kiểm tra mạng rồi chạy lại" in refused.stderr
    assert "check the network and run again" in refused.stderr
    assert "Traceback" not in refused.stderr


class Descendant(NamedTuple):
    """A process, by its id and the moment it began, so that a reused id is another."""

    pid: int
    began: str
    command: str

    def lives(self) -> bool:
        now = _look(self.pid)
        return now is not None and now.began == self.began


def _descendants(pid: int) -> list[Descendant]:
    found = [child for each in Path("/proc").glob("[0-9]*") if (child := _look(int(each.name)))]
    parents = {child.pid: _parent(child.pid) for child in found}

    def below(child: int) -> bool:
        parent = parents.get(child, 0)
        return parent == pid or (parent > 1 and below(parent))

    return [child for child in found if below(child.pid)]


def _look(pid: int) -> Descendant | None:
    try:
        fields = _stat(pid)
        command = Path(f"/proc/{pid}/cmdline").read_text().split("\0")[0]
    except OSError:
        return None
    return None if fields[0] == "Z" else Descendant(pid, fields[19], command)


def _parent(pid: int) -> int:
    try:
        return int(_stat(pid)[1])
    except OSError:
        return 0


def _stat(pid: int) -> list[str]:
    """From the state on; see proc(5)."""
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()


def _ready(service: str) -> int:
    address = f"http://{ports.LOOPBACK}:{settings.port_of(service)}/readyz"
    with urllib.request.urlopen(address, timeout=PATIENCE_S) as answer:
        return int(answer.status)


def _database(local: Path) -> MongoClient[dict[str, object]]:
    url = settings.remembered(local / "settings.env")["REGISTRATION_MONGO_URL"]
    return MongoClient[dict[str, object]](url, serverSelectionTimeoutMS=int(1_000 * PATIENCE_S))
