"""Sentences for the person at the terminal: Vietnamese first, then English."""

from dataclasses import dataclass


@dataclass
class CannotRun(Exception):
    """Why it cannot go on, and what the reader can do; ends the command without a traceback."""

    vi: str
    en: str

    def __str__(self) -> str:
        return f"{self.vi}\n{self.en}"
