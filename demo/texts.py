"""Time for the SMS: the campaign's days pass in seconds, and a text expires 72 hours after a visit.

Before another day begins, what can be sent today is given its time. Without notify the campaign
goes on all the same.
"""

import asyncio
import time
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any, Protocol

from rich.console import Console

from demo.campaign import Campaign
from demo.comparison import Line
from demo.reader import Reader
from demo.results import Results
from demo.server import CannotPlay, Refused
from demo.uploads import Upload

NOTIFY = "/api/notify/v1"
QUIET_S = 1.5
AT_MOST_S = 20.0
LOOK_AGAIN_S = 0.25

Days = Iterator[tuple[date, Sequence[Sequence[Upload]]]]
"""Each day with what arrives on it, in parts that one by one are given their time."""


class Texts(Protocol):
    """How the SMS of a campaign are waited for, and what is compared of them at the end."""

    async def begin(self, results: Results, /) -> None:
        """Before anything is sent."""

    def days(self, campaign: Campaign) -> Days:
        """In the order in which they are played."""

    async def settle(self, uploads: Sequence[Upload], /) -> None:
        """Returns once nothing more is going to leave at the time of these."""

    async def compared(self, until: date, /) -> Mapping[str, list[Line]]:
        """What the phones saw beside what the reports say."""

    def show(self, console: Console) -> None:
        """What there is to see beside the lines."""


class ConsoleTexts:
    """Watches the newest SMS of the console provider."""

    def __init__(self, notify: Reader) -> None:
        self._notify = notify
        self._there = True

    async def begin(self, _: Results, /) -> None:
        """Nothing to prepare."""

    def days(self, campaign: Campaign) -> Days:
        """A day at once."""
        return ((day, [uploads]) for day, uploads in campaign.uploads())

    async def settle(self, _: Sequence[Upload], /) -> None:
        """Returns once no SMS has left for a while."""
        began = seen_at = time.monotonic()
        newest = await self._newest()
        while self._there and time.monotonic() < began + AT_MOST_S:
            await asyncio.sleep(LOOK_AGAIN_S)
            if (found := await self._newest()) != newest:
                newest, seen_at = found, time.monotonic()
            if time.monotonic() > seen_at + QUIET_S:
                return

    async def compared(self, _: date, /) -> Mapping[str, list[Line]]:
        """Nobody else saw these SMS."""
        return {}

    def show(self, console: Console) -> None:
        """They stand in the console's file."""

    async def _newest(self) -> Any:
        try:
            return await self._notify.get(f"{NOTIFY}/console", limit="1")
        except (Refused, CannotPlay):
            self._there = False
            return None
