"""Voids on their way in: aimed at their target, or held until it comes."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace

import structlog

from services.events.corrections import EventVoided
from services.messaging.entry import Appended, Entry, Unavailable
from services.messaging.event_log import EventLog
from services.messaging.stored import Stored
from services.platform.clock import Clock
from services.platform.mongo import PyMongoError
from services.registration.intake.judge import Subjects
from services.registration.intake.refusals import Refusals
from services.registration.intake.store import Store
from services.registration.intake.subject import Refusal
from services.registration.intake.voids import aimed

GATHER_S = 0.02
LOOK_AGAIN_S = 1.0
LOOK_BATCH = 1_000
SWEEP_BATCH = 100
SWEEP_INTERVAL_S = 600.0

log = structlog.get_logger(__name__)


class Corrections:
    """Target and void each look for the other after their own append, so neither is missed."""

    def __init__(
        self, log: EventLog, store: Store, subjects: Subjects, refusals: Refusals, clock: Clock
    ) -> None:
        self._clock = clock
        self._log = log
        self._store = store
        self._subjects = subjects
        self._refusals = refusals
        self._recorded: list[str] = []
        self._looking = asyncio.Event()

    async def record(self, entry: Entry, void: EventVoided) -> Appended:
        """Raises: Refusal; Unavailable."""
        if target := await self._log.find(void.data.event_id):
            return await self._record_at(entry, void, target)
        appended = await self._log.append(replace(entry, published=False))
        await self.release_held([void.data.event_id])
        return appended

    async def release_held(self, targets: Sequence[str]) -> None:
        """Publishes the voids that were held for these events."""
        for void in await self._log.held_for(targets):
            await self._release(void)

    def release_soon(self, targets: Sequence[str]) -> None:
        """The same while `run` runs, in one read for all that come together; nobody waits for it.

        What a process that dies leaves out, the next sweep finds.
        """
        self._recorded.extend(targets)
        self._looking.set()

    async def release_recorded(self) -> None:
        """Now, for all that was to be released soon."""
        self._looking.clear()
        while targets := self._recorded[:LOOK_BATCH]:
            await self.release_held(targets)
            del self._recorded[: len(targets)]

    async def sweep(self) -> None:
        """Looks again for the targets of all that is held: a process may have died in between."""
        after = ""
        while held := await self._log.held(after, SWEEP_BATCH):
            for void in held:
                await self._release(void)
            after = held[-1].event_id

    async def run(self) -> None:
        """Releases and sweeps until it is cancelled."""
        async with asyncio.TaskGroup() as group:
            group.create_task(self._keep_releasing())
            group.create_task(self._keep_sweeping())

    async def dry_run(self, void: EventVoided) -> None:
        """Raises: Refusal as `record` would."""
        target = await self._log.find(void.data.event_id)
        if not target:
            return
        event = aimed(void, target.event)
        if target.decided:
            await self._store.dry_run(self._subjects[type(target.event)], event)

    async def _record_at(self, entry: Entry, void: EventVoided, target: Stored) -> Appended:
        event = aimed(void, target.event)
        if not target.decided:
            return await self._log.append(replace(entry, event=event))
        subject = self._subjects[type(target.event)]
        return await self._store.record(subject, replace(entry, event=event, decided=True))

    async def _release(self, held: Stored) -> None:
        target = await self._log.find(held.target or "")
        void = held.event
        if target is None or not isinstance(void, EventVoided):
            return
        try:
            event = aimed(void, target.event)
            if target.decided:
                await self._store.release(self._subjects[type(target.event)], event)
            else:
                await self._log.publish(event)
        except Refusal as refusal:
            await self._refusals.remember_void(void, refusal, self._clock())
            await self._log.refuse_held(void.id)

    async def _keep_releasing(self) -> None:
        while True:
            await self._looking.wait()
            await asyncio.sleep(GATHER_S)
            try:
                await self.release_recorded()
            except (Unavailable, PyMongoError) as error:
                log.warning("held voids not released", exc_info=error)
                self._looking.set()
                await asyncio.sleep(LOOK_AGAIN_S)

    async def _keep_sweeping(self) -> None:
        while True:
            try:
                await self.sweep()
            except (Unavailable, PyMongoError) as error:
                log.warning("held voids not swept", exc_info=error)
            await asyncio.sleep(SWEEP_INTERVAL_S)
