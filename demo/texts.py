"""Time for the SMS: the campaign's days pass in seconds, and a text expires 72 hours after a visit.

Before another day begins, what can be sent today is given its time. Without notify the campaign
goes on all the same.
"""

import asyncio
import time
from typing import Any

from demo.office import Office
from demo.server import CannotPlay, Refused, Server

NOTIFY = "/api/notify/v1"
QUIET_S = 1.5
AT_MOST_S = 20.0
LOOK_AGAIN_S = 0.25


class Texts:
    """Watches the newest SMS of the console provider."""

    def __init__(self, notify: Server, office: Office) -> None:
        self._notify = notify
        self._office = office
        self._token = ""
        self._there = True

    async def settle(self) -> None:
        """Returns once no SMS has left for a while."""
        began = seen_at = time.monotonic()
        newest = await self._newest()
        while self._there and time.monotonic() < began + AT_MOST_S:
            await asyncio.sleep(LOOK_AGAIN_S)
            if (found := await self._newest()) != newest:
                newest, seen_at = found, time.monotonic()
            if time.monotonic() > seen_at + QUIET_S:
                return

    async def _newest(self) -> Any:
        try:
            return await self._ask()
        except Refused as refused:
            if refused.status != 401:
                self._there = False
                return None
        except CannotPlay:
            self._there = False
            return None
        self._token = await self._office.token_for("notify")
        return await self._ask()

    async def _ask(self) -> Any:
        return await self._notify.get(f"{NOTIFY}/console", self._token, limit="1")
