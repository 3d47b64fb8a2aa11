"""Small batches of several partitions share a transaction; each still succeeds or fails alone."""

from collections.abc import Sequence

from services.events.envelope import Event
from services.messaging.group_commit import GroupCommit
from services.reporting.projection import Batch, Projection
from services.reporting.true_as_of import Pending

SMALL = 200
"""Events; a larger batch pays for its own transaction, beside those of other partitions."""


class Together:
    """Projects as `Projection` does: what it raises for a batch, nothing of that was kept."""

    def __init__(self, projection: Projection) -> None:
        self._projection = projection
        self._group = GroupCommit[Batch, None](self._write, repeatable=True)

    async def project(self, partition: int, events: Sequence[Event], pending: Pending) -> None:
        """Keep facts and figures of these events, in any order and however often delivered."""
        batch = Batch(partition, events, pending)
        if len(events) > SMALL:
            await self._projection.project_all([batch])
        else:
            await self._group.add(batch)

    async def close(self) -> None:
        """Waits for what is being written."""
        await self._group.close()

    async def _write(self, batches: Sequence[Batch]) -> Sequence[Exception | None]:
        await self._projection.project_all(batches)
        return [None] * len(batches)
