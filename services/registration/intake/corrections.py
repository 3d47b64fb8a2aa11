"""What takes an event back or puts it right: judged with that event, or held until it comes."""

from dataclasses import replace

from services.events.corrections import EventVoided
from services.events.envelope import Event
from services.messaging.log.entry import Appended, Entry
from services.messaging.log.event_log import EventLog
from services.messaging.log.stored import Stored
from services.platform.clock import Clock
from services.registration.intake.refusals import Refusals
from services.registration.intake.replacing import closing, taking_back
from services.registration.intake.touching import taken_back
from services.registration.intake.voids import aimed
from services.registration.subjects.folding import Decision
from services.registration.subjects.problems import Refusal
from services.registration.subjects.store import Store
from services.registration.subjects.subject import Decided, Subjects


class Corrections:
    """Whatever is held and what it waits for each look for the other after their own append, so
    neither is missed."""

    def __init__(
        self, log: EventLog, store: Store, subjects: Subjects, refusals: Refusals, clock: Clock
    ) -> None:
        self._clock = clock
        self._log = log
        self._store = store
        self._subjects = subjects
        self._refusals = refusals

    async def record(self, entry: Entry, by: str) -> Appended:
        """`by`: the source of whoever posts it. Raises: Refusal; Unavailable."""
        decision = await self._aimed(entry, by)
        if decision:
            appended = await self._store.record(decision)
        else:
            appended = await self._log.append(replace(entry, published=False, decided=False))
        if decision is None or decision.waits:
            await self.release_held([_target(entry.event)])
        return appended

    async def dry_run(self, entry: Entry, by: str) -> None:
        """Raises: Refusal as `record` would."""
        if decision := await self._aimed(entry, by):
            await self._store.dry_run(decision)

    async def release_held(self, targets: list[str]) -> None:
        """Publishes, or refuses, what was held for these events; then what was held for that."""
        while targets:
            held = await self._log.held_for(targets)
            targets = [one.event_id for one in held if await self.release(one)]

    async def release(self, held: Stored) -> bool:
        """Whether what it waits for is there, so that it waits no longer."""
        event = held.event
        decided = isinstance(self._subjects[type(event)], Decided)
        entry = Entry(event, held.payload_hash, decided)
        try:
            decision = await self._aimed(entry, event.source)
            if decision:
                await self._store.release(decision)
        except Refusal as refusal:
            await self._refusals.remember_held(event, refusal, self._clock())
            await self._log.refuse_held(event.id)
            return True
        return decision is not None

    async def _aimed(self, entry: Entry, by: str) -> Decision | None:
        """None while there is nothing to aim at. Raises: Refusal."""
        event = entry.event
        target = await self._log.find(_target(event))
        if isinstance(event, EventVoided):
            return self._void(entry, event, target)
        void = await self._void_with(event, target, by)
        if void is None:
            return None
        recorded = event.model_copy(update={"recordedtime": void.event.recordedtime})
        return Decision(self._subjects[type(event)], replace(entry, event=recorded), void)

    def _void(self, entry: Entry, void: EventVoided, target: Stored | None) -> Decision | None:
        if target is None or (target.held and target.type != void.type):
            return None
        event = aimed(void, target.event)
        subject = self._subjects[type(target.event)]
        return Decision(subject, replace(entry, event=event, decided=target.decided))

    async def _void_with(self, new: Event, target: Stored | None, by: str) -> Entry | None:
        """The void that goes with what replaces an event that was accepted or refused."""
        if target and not target.held:
            void = taking_back(new, target.event, by)
            return Entry(void, void.id.encode(), decided=target.decided)
        if target and not target.refused:
            return None
        if refusals := await self._refusals.of(_target(new)):
            void = closing(new, refusals, by)
            return Entry(void, void.id.encode(), published=False)
        return None


def _target(event: Event) -> str:
    return taken_back(event) or ""
