"""The SMSC of the bench, as a process of its own."""

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from deploy.local.npm import NODE, installed
from deploy.local.places import ROOT
from deploy.local.ports import answers, free_port
from deploy.local.process import Child
from deploy.local.waiting import wait_until

_SCRIPT = Path(__file__).with_name("smsc.js")
_PROJECT = ROOT / "tests" / "notify" / "smpp" / "smsc"
"""The tests' SMSC stands on the same package."""


@dataclass(frozen=True, slots=True)
class Counted:
    """What it saw until a moment ago; times in seconds since 1970, `longest` is the window."""

    answered: int = 0
    first_at: float = 0
    last_at: float = 0
    longest: int = 0

    @property
    def rate(self) -> float:
        """Answers a second, from the first submit to the last answer."""
        return self.answered / (self.last_at - self.first_at)


class Smsc:
    """Answers each submit after `delay_ms`."""

    def __init__(self, delay_ms: int, log: Path) -> None:
        self.port = free_port()
        command = [*NODE, str(_SCRIPT), str(self.port), str(delay_ms)]
        self.child = Child(command, log, os.environ | {"NODE_PATH": str(installed(_PROJECT))})
        wait_until(lambda: answers(self.port), self.child)

    def counted(self) -> Counted:
        """All zero before the first answer; a line that is not complete yet is left out."""
        *lines, _ = self.child.log.read_text().split("\n")
        return Counted(**json.loads(lines[-1])) if lines else Counted()


@contextmanager
def smsc(delay_ms: int, log: Path) -> Iterator[Smsc]:
    """Until the block ends."""
    running = Smsc(delay_ms, log)
    try:
        yield running
    finally:
        running.child.stop()
