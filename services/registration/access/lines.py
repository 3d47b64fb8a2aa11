"""Lines of what was tried and not allowed: bounded, so that nobody fills the audit by trying."""

from services.platform.clock import Clock
from services.registration.access.audit import Trail
from services.registration.access.rate import Buckets
from services.registration.access.records import Act, Change

A_MINUTE = 10
"""Lines of one kind about one name, device or address; more tell an investigator nothing new."""


class Lines:
    """No name, number or address as it came: ids, and keyed hashes."""

    def __init__(self, audit: Trail, clock: Clock) -> None:
        self._audit = audit
        self._clock = clock
        self._room = Buckets(A_MINUTE / 60, A_MINUTE)

    async def note(self, act: Act, by: str, about: str) -> None:
        """Who did what to what; `by` is empty where nobody is known."""
        now = self._clock()
        if not self._room.take(f"{act} {by} {about}", now.timestamp()):
            await self._audit.note(Change(act, by, about, now))
