"""Where a team may record follows from what staff record: forget what was looked up before."""

from collections.abc import Callable

from services.events.neighbourhoods import NEIGHBOURHOODS
from services.events.service_points import SERVICE_POINTS
from services.events.teams import TEAMS
from services.messaging.log.entry import Appended
from services.registration.subjects.folding import Decision
from services.registration.subjects.store import Store
from services.registration.subjects.subject import Decided

GROUND = frozenset({TEAMS, NEIGHBOURHOODS, SERVICE_POINTS})
"""Kinds of rows that scope looks at."""


class CacheClearingStore:
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
        subject = decision.subject
        if isinstance(subject, Decided) and subject.kind in GROUND:
            self._changed()
