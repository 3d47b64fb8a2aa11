"""Small batches of several partitions share a transaction; each still succeeds or fails alone."""

from collections.abc import Sequence

from services.messaging.consumer.arrivals import Arrival
from services.platform.group_commit import GroupCommit
from services.platform.mongo import part_is_missing
from services.platform.unavailable import Unavailable
from services.reporting.projecting.batches import Batch
from services.reporting.projecting.projection import Projection

SMALL = 200
"""Events; a larger batch pays for its own transaction, beside those of other partitions."""


class SharedTransactions:
    """Projects as `Projection` does: what it raises for a batch, nothing of that was kept."""

    def __init__(self, projection: Projection) -> None:
        self._projection = projection
        self._group = GroupCommit[Batch, None](self._write, repeatable=True)

    async def project(self, partition: int, arrivals: Sequence[Arrival]) -> None:
        """Keep facts and figures of these events, in any order and however often delivered."""
        batch = Batch(partition, arrivals)
        if len(arrivals) > SMALL:
            await self._projection.project_all([batch])
        else:
            await self._group.add(batch)

    async def close(self) -> None:
        """Waits for what is being written."""
        await self._group.close()

    async def _write(self, batches: Sequence[Batch]) -> Sequence[Exception | None]:
        """A missing part fails all of them at once: alone each would only wait for it in turn."""
        try:
            await self._projection.project_all(batches)
        except Exception as error:
            if part_is_missing(error):
                raise Unavailable(type(error).__name__) from error
            raise
        return [None] * len(batches)
