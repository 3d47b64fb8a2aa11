"""Where a team may record follows from what staff record: forget what was looked up before."""

from collections.abc import Callable
from typing import Any

from services.events.envelope import Event
from services.messaging.entry import Appended, Entry
from services.registration.intake.store import Store
from services.registration.intake.subject import Subject

GROUND = frozenset({"team", "neighbourhood", "service_point"})
"""Kinds of rows that scope looks at."""


class WatchedStore:
    """A store that says so when one of these has changed."""

    def __init__(self, store: Store, changed: Callable[[], None]) -> None:
        self._store = store
        self._changed = changed

    async def record(self, subject: Subject[Any], entry: Entry) -> Appended:
        appended = await self._store.record(subject, entry)
        self._tell(subject)
        return appended

    async def release(self, subject: Subject[Any], void: Event) -> None:
        await self._store.release(subject, void)
        self._tell(subject)

    async def dry_run(self, subject: Subject[Any], event: Event) -> None:
        await self._store.dry_run(subject, event)

    def _tell(self, subject: Subject[Any]) -> None:
        if subject.kind in GROUND:
            self._changed()
