"""Sentences for the person at the terminal: Vietnamese first, then English."""

import sys
from collections.abc import Callable
from dataclasses import dataclass


@dataclass
class CannotRun(Exception):
    """Why it cannot go on, and what the reader can do; ends the command without a traceback."""

    vi: str
    en: str

    def __str__(self) -> str:
        return f"{self.vi}\n{self.en}"


def or_say_why(command: Callable[[], object]) -> None:
    """Runs a whole command; what it cannot do is a sentence and exit code 1."""
    try:
        command()
    except CannotRun as reason:
        sys.exit(f"✗ {reason}")
    except KeyboardInterrupt:
        sys.exit(130)
