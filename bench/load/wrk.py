"""Runs wrk and reads what its script counted."""

import json
import subprocess
from dataclasses import dataclass
from pathlib import Path

SCRIPT = Path(__file__).with_name("events.lua")
MARK = "@"


class WrongAnswers(Exception):
    """Something was not accepted: the figure would mean nothing."""


@dataclass(frozen=True, slots=True)
class Load:
    """What is sent: `pace` events a second in all, 0 as fast as the answers come."""

    connections: int
    seconds: float
    batch: int = 1
    pace: float = 0


@dataclass(frozen=True, slots=True)
class Sent:
    """What came of it; events whose answer came after the end are not counted."""

    seconds: float
    requests: int
    accepted: int
    other: int
    failed: int
    broken: int
    p50_ms: float
    p99_ms: float

    @property
    def rate(self) -> float:
        """Events accepted a second."""
        return self.accepted / self.seconds


def start(url: str, events: Path, load: Load, answers: Path | None = None) -> subprocess.Popen[str]:
    """wrk at work, with one thread: it is never what is measured."""
    command = ["wrk", "-t1", f"-c{load.connections}", f"-d{load.seconds:.0f}s", "--timeout=20s"]
    script = ["-s", str(SCRIPT), f"{url}/api/registration/v1/events", "--", str(events)]
    words = [str(load.batch), f"{load.pace:.3f}", str(answers or "-")]
    return subprocess.Popen([*command, *script, *words], stdout=subprocess.PIPE, text=True)


def result(wrk: subprocess.Popen[str]) -> Sent:
    """Waits for its end. Raises: WrongAnswers."""
    output = wrk.communicate()[0]
    line = next((line for line in output.splitlines() if line.startswith(MARK)), None)
    if line is None:
        raise WrongAnswers(output)
    sent = Sent(**json.loads(line.removeprefix(MARK)))
    if sent.other or sent.failed or sent.broken:
        raise WrongAnswers(line)
    return sent


def run(url: str, events: Path, load: Load, answers: Path | None = None) -> Sent:
    """The whole of it. Raises: WrongAnswers."""
    return result(start(url, events, load, answers))
