"""When what is held, or was refused, is looked at again: soon after what it waits for came, and now
and then all of it."""

import asyncio
from collections.abc import Iterable

import structlog

from services.messaging.log.event_log import EventLog
from services.platform.mongo import PyMongoError
from services.platform.retry import every, retry
from services.platform.unavailable import Unavailable
from services.registration.intake.corrections import Corrections
from services.registration.intake.refusals import Refusals

GATHER_S = 0.02
LOOK_BATCH = 1_000
SWEEP_BATCH = 100
SWEEP_INTERVAL_S = 600.0

log = structlog.get_logger(__name__)


class Releases:
    """One read for all that come together; nobody waits for it."""

    def __init__(self, event_log: EventLog, corrections: Corrections, refusals: Refusals) -> None:
        self._log = event_log
        self._corrections = corrections
        self._refusals = refusals
        self._settled: list[str] = []
        self._looking = asyncio.Event()

    def soon(self, targets: Iterable[str]) -> None:
        """These were accepted, refused, or taken back; what waits for them is released, and their
        refusals end, while `run` runs.

        What a process that dies leaves out, the next sweep finds.
        """
        self._settled.extend(targets)
        if self._settled:
            self._looking.set()

    async def release_settled(self) -> None:
        """Now, for all that was to be released soon."""
        self._looking.clear()
        while targets := self._settled[:LOOK_BATCH]:
            await self._corrections.release_held(targets)
            await self._refusals.settle(targets)
            del self._settled[: len(targets)]

    async def sweep(self) -> None:
        """Looks again for the targets of all that is held: a process may have died in between."""
        after = ""
        while held := await self._log.held(after, SWEEP_BATCH):
            for one in held:
                if await self._corrections.release(one):
                    self.soon([one.event_id])
            after = held[-1].event_id
        await self._refusals.sweep()

    async def run(self) -> None:
        """Releases and sweeps until it is cancelled."""
        async with asyncio.TaskGroup() as group:
            group.create_task(self._keep_releasing())
            group.create_task(self._keep_sweeping())

    async def _keep_releasing(self) -> None:
        while True:
            await self._looking.wait()
            await asyncio.sleep(GATHER_S)
            await retry(
                self.release_settled,
                on=(Unavailable, PyMongoError),
                warning="what is held was not released",
            )

    async def _keep_sweeping(self) -> None:
        await every(
            SWEEP_INTERVAL_S,
            self.sweep,
            on=(Unavailable, PyMongoError),
            warning="what is held was not swept",
        )
