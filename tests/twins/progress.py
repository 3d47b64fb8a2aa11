"""How far each partition has come, in memory."""

from collections.abc import Mapping
from datetime import datetime

from services.platform.mongo import Session
from services.reporting.true_as_of import Moved, Pending


class ProgressInMemory:
    """Passes the suite of `Progress`."""

    def __init__(self) -> None:
        self._pending: dict[int, dict[str, datetime]] = {}
        self._revision: dict[int, int] = {}

    async def prepare(self, partitions: int) -> None:
        """Nothing to make."""

    async def move(self, moves: Mapping[int, Pending], session: Session | None) -> None:
        """All that was published to each partition before is projected."""
        for partition, pending in moves.items():
            self._revision[partition] = await self.revision(partition) + 1
            await self.heard(partition, pending)

    async def claim(self, partition: int, revision: int, session: Session | None) -> None:
        """Raises: Moved."""
        if revision != await self.revision(partition):
            raise Moved
        self._revision[partition] = revision + 1

    async def heard(self, partition: int, pending: Pending) -> None:
        """The same where nothing was to be projected."""
        kept = self._pending.setdefault(partition, {})
        for publisher, at in pending.items():
            kept[publisher] = max(at, kept.get(publisher, at))

    async def revision(self, partition: int) -> int:
        """Changes with every transaction of the partition."""
        return self._revision.get(partition, 0)

    async def revisions(self) -> dict[int, int]:
        """Of every partition."""
        return {p: self._revision.get(p, 0) for p in sorted({*self._pending, *self._revision})}

    async def all(self) -> dict[int, dict[str, datetime]]:
        """How far each publisher's events are projected."""
        return {partition: dict(pending) for partition, pending in self._pending.items()}
