"""Notify's ledger as it is read over HTTP: what is under way, what is due, and how all ended."""

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple
from urllib.parse import urlencode

from demo.reader import Reader
from demo.texts import NOTIFY

PAGE = 200
LEAVING = ("ready", "submitting")
WAITING = ("received", "deferred", "retry_at")
UNFINISHED = (*LEAVING, *WAITING, "accepted")
OUTCOMES = ("delivered", "undelivered", "unconfirmed", "unknown", "failed", "suppressed")
_HEARD = re.compile(r'^notify_events_total\{type="([^"]+)"\} (\S+)$', re.MULTILINE)


class Entry(NamedTuple):
    """One notification."""

    id: str
    state: str
    reason: str
    about: str
    due_at: datetime | None


class Ledger:
    """Read page by page."""

    def __init__(self, notify: Reader) -> None:
        self._notify = notify

    async def heard(self) -> Mapping[str, int]:
        """How many events of each type notify has taken since it started."""
        text = await self._notify.server.text("/metrics")
        return {type_: int(float(count)) for type_, count in _HEARD.findall(text)}

    async def is_quiet(self, until: datetime) -> bool:
        """Whether nothing is leaving, and nothing comes due before then."""
        if (await self._page(LEAVING, ""))["notifications"]:
            return False
        waiting = await self.entries(WAITING)
        return not any(entry.due_at and entry.due_at <= until for entry in waiting)

    async def entries(self, states: Sequence[str]) -> list[Entry]:
        """All notifications that stand there."""
        found: dict[str, Entry] = {}
        cursor: str | None = ""
        while cursor is not None:
            page = await self._page(states, cursor)
            found |= {one["id"]: _entry(one) for one in page["notifications"]}
            cursor = page["next"]
        return list(found.values())

    async def _page(self, states: Sequence[str], cursor: str) -> Any:
        asked = [("state", state) for state in states] + [("limit", str(PAGE))]
        if cursor:
            asked.append(("cursor", cursor))
        return await self._notify.get(f"{NOTIFY}/notifications?{urlencode(asked)}")


def _entry(shown: Mapping[str, Any]) -> Entry:
    due_at = shown["due_at"]
    return Entry(
        id=shown["id"],
        state=shown["state"],
        reason=shown["reason"] or "",
        about=shown["about"],
        due_at=datetime.fromisoformat(due_at) if due_at else None,
    )
