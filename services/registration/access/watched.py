"""Where a team may record follows from what staff record: forget what was looked up before."""

from collections.abc import Callable

from services.messaging.log.entry import Appended
from services.registration.subjects.folding import Decision
from services.registration.subjects.store import Store

GROUND = frozenset({"team", "neighbourhood", "service_point"})
"""Kinds of rows that scope looks at."""


class WatchedStore:
    """A store that says so when one of these has changed."""

    def __init__(self, store: Store, changed: Callable[[], None]) -> None:
        self._store = store
        self._changed = changed

    async def record(self, decision: Decision) -> Appended:
        appended = await self._store.record(decision)
        self._tell(decision)
        return appended

    async def release(self, decision: Decision) -> None:
        await self._store.release(decision)
        self._tell(decision)

    async def dry_run(self, decision: Decision) -> None:
        await self._store.dry_run(decision)

    def _tell(self, decision: Decision) -> None:
        if decision.subject.kind in GROUND:
            self._changed()
