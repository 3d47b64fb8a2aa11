"""Voids on their way in: aimed at their target, or held until it comes."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace

import structlog

from services.events.corrections import EventVoided
from services.messaging.entry import Appended, Entry, Unavailable
from services.messaging.event_log import EventLog
from services.messaging.group_commit import GroupCommit
from services.messaging.stored import Stored
from services.platform.clock import Clock
from services.platform.mongo import PyMongoError
from services.registration.intake.judge import Subjects
from services.registration.intake.refusals import Refusals
from services.registration.intake.store import Store
from services.registration.intake.subject import Refusal
from services.registration.intake.voids import aimed

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
        self._held = GroupCommit[str, Sequence[Stored]](self._look_for_held)

    async def record(self, entry: Entry, void: EventVoided) -> Appended:
        """Raises: Refusal; Unavailable."""
        if target := await self._log.find(void.data.event_id):
            return await self._record_at(entry, void, target)
        appended = await self._log.append(replace(entry, published=False))
        await self.release_held([void.data.event_id])
        return appended

    async def release_held(self, targets: Sequence[str]) -> None:
        """Publishes the voids that were held for these events; callers in flight share a read."""
        for held in await self._held.add_all(targets):
            for void in held:
                await self._release(void)

    async def sweep(self) -> None:
        """Looks again for the targets of all that is held: a process may have died in between."""
        after = ""
        while held := await self._log.held(after, SWEEP_BATCH):
            for void in held:
                await self._release(void)
            after = held[-1].event_id

    async def run(self) -> None:
        """Sweeps until it is cancelled."""
        while True:
            try:
                await self.sweep()
            except (Unavailable, PyMongoError) as error:
                log.warning("held voids not swept", exc_info=error)
            await asyncio.sleep(SWEEP_INTERVAL_S)

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

    async def _look_for_held(self, targets: Sequence[str]) -> list[Sequence[Stored]]:
        held = await self._log.held_for(targets)
        return [[void for void in held if void.target == target] for target in targets]
