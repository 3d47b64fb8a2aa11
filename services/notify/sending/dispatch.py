"""The dispatch: selects what is due, prepares it, writes it ahead, submits it and settles it."""

import asyncio
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from functools import partial

import structlog

from services.notify import metrics
from services.notify.arriving.arrivals import stand_alone
from services.notify.contacts.contacts import Contacts
from services.notify.ledger.controls import Controls
from services.notify.ledger.ledger import Ledger
from services.notify.notification.notification import Notification
from services.notify.notification.occasions import About
from services.notify.notification.states import JUDGEABLE
from services.notify.routing.routes import Routes
from services.notify.sending.drafts import Draft, Installation, Snapshot, draft
from services.notify.sending.last_look import LastLook
from services.notify.sending.outcomes import SubmissionResult, close_unconfirmed, give_up, settle
from services.notify.sending.refunds import UsedQuota
from services.notify.sending.settings import SendingSettings
from services.notify.sending.write_ahead import WriteAheadTerms, write_ahead
from services.platform.clock import Clock
from services.platform.group_commit import GroupCommit
from services.platform.retry import Backoff, retry
from services.platform.unavailable import Unavailable

RECOVER_EVERY_S = 1.0
SETTLED_AT_ONCE = 400
"""Answers in one transaction; the next SMS are written ahead between two of them."""

log = structlog.get_logger(__name__)


class Dispatch:
    """Any number may run on one ledger; a notification goes to one of them.

    They work best on parts of their own: on the same part they get into each other's way.
    """

    def __init__(
        self,
        ledger: Ledger,
        contacts: Contacts,
        routes: Routes,
        installation: Installation,
        settings: SendingSettings,
        *,
        clock: Clock,
        machine_clock: Clock,
    ) -> None:
        self._ledger = ledger
        self._contacts = contacts
        self._routes = routes
        self._installation = installation
        self._settings = settings
        self._clock = clock
        self._machine_clock = machine_clock
        self._last_look = LastLook(
            ledger,
            contacts,
            installation.rules,
            settings.verdict_holds,
            clock=clock,
            machine_clock=machine_clock,
        )
        self.woken = asyncio.Event()
        """Set when there may be something due."""
        self._writing: asyncio.Task[None] | None = None
        """Writes one helping ahead while the next is read and judged."""
        self._in_hand: frozenset[str] = frozenset()
        """What it writes: still due in the ledger."""
        self._under_way: set[asyncio.Task[None]] = set()
        self._answers = GroupCommit[SubmissionResult, None](
            self._settle, repeatable=True, linger_s=settings.linger_s, max_group=SETTLED_AT_ONCE
        )
        self._recovered_at = -RECOVER_EVERY_S
        self._stopping = False

    def stop(self) -> None:
        """Ends `run` after what is under way, so that no answer of a provider is lost."""
        self._stopping = True
        self.woken.set()

    async def run(self) -> None:
        """Until it is stopped; without a database it waits for one."""
        while not self._stopping:
            try:
                found = await self._take()
            except Unavailable:
                found = 0
            except Exception:  # the others must go on
                log.exception("a round of the dispatch failed")
                found = 0
            await self._until_there_is_room(found)
        while open_ := self._open:
            await asyncio.wait(open_)

    @property
    def _open(self) -> set[asyncio.Task[None]]:
        writing = {self._writing} if self._in_hand and self._writing else set()
        return self._under_way | writing

    async def round(self) -> int:
        """One pass over what is due, to its end; says how much that was. Raises: Unavailable."""
        found = await self._take()
        await self._written()
        await asyncio.gather(*self._under_way)
        return found

    async def _take(self) -> int:
        """What is due and fits beside what is under way."""
        if time.monotonic() >= self._recovered_at + RECOVER_EVERY_S:
            await self._recover()
            self._recovered_at = time.monotonic()
        now = self._clock()
        due = await self._due(now)
        if due:
            with metrics.ROUND.time():
                await self._look_at(due, now)
        return len(due)

    async def _due(self, now: datetime) -> list[Notification]:
        """A third of all at most: while it is judged, one is written ahead and one on its way."""
        room = self._settings.at_once - len(self._under_way) - len(self._in_hand)
        helping = max(1, min(room, self._settings.at_once // 3))
        return await self._ledger.due(now, helping, self._settings.part, self._in_hand)

    async def _look_at(self, due: Sequence[Notification], now: datetime) -> None:
        judgeable = [n for n in due if n.state in JUDGEABLE]
        over = [n.id for n in due if n.state not in JUDGEABLE]
        if over:
            await self._ledger.transact(partial(close_unconfirmed, ids=over, now=now))
        if not judgeable:
            return
        looked_at = self._machine_clock()
        controls = await self._ledger.controls()
        drafts = await self._drafts(judgeable, now, controls)
        await self._written()
        self._in_hand = frozenset(n.id for n in judgeable)
        self._writing = asyncio.create_task(self._send_off(drafts, now, controls, looked_at))

    async def _written(self) -> None:
        """The helping before; what it raised is raised once, and its SMS are still due."""
        writing, self._writing = self._writing, None
        if writing:
            await writing

    async def _send_off(
        self, drafts: Sequence[Draft], now: datetime, controls: Controls, looked_at: datetime
    ) -> None:
        try:
            for written in await self._ledger_says(drafts, now):
                ready = self._with_last_look(written, looked_at)
                task = asyncio.create_task(self._carry(ready, controls))
                self._under_way.add(task)
                task.add_done_callback(self._ended)
        finally:
            self._in_hand = frozenset()

    async def _drafts(
        self, due: Sequence[Notification], now: datetime, controls: Controls
    ) -> list[Draft]:
        citizens = {id_ for n in due for id_ in (n.citizen_id, n.recipient_id)}
        campaigns = {n.main_occasion.detail for n in due if n.about.advertises}
        commands = {n.id for n in due if n.about is About.COMMAND}
        snapshot = Snapshot(
            now=now,
            persons=await self._contacts.persons(citizens),
            invitations=await self._ledger.invitations(campaigns) if campaigns else {},
            controls=controls,
            senders=await self._ledger.senders(commands) if commands else {},
        )
        return [self._draft(n, snapshot) for n in due]

    def _draft(self, notification: Notification, snapshot: Snapshot) -> Draft:
        route = self._routes.choose(notification, snapshot.controls.providers)
        return draft(notification, route.choice if route else None, snapshot, self._installation)

    async def _ledger_says(self, drafts: Sequence[Draft], now: datetime) -> list[Draft]:
        terms = WriteAheadTerms(
            rules=self._installation.rules,
            now=now,
            lease_until=self._machine_clock() + self._settings.lease,
        )
        written = await self._ledger.transact(partial(write_ahead, drafts=drafts, terms=terms))
        for ward in written.nearly_spent:
            log.warning("a ward's budget of today is nearly spent", ward=ward)
            metrics.NEARLY_SPENT.labels(ward).inc()
        return written.ready

    def _with_last_look(self, ready: Draft, looked_at: datetime) -> Draft:
        may_leave = self._last_look.at(ready, looked_at)
        return ready._replace(sms=replace(ready.sms, may_leave=may_leave))

    async def _carry(self, ready: Draft, controls: Controls) -> None:
        """Until the answer is written down: only this process knows it."""
        outcome = await self._routes.all[ready.provider].send(ready.sms, ready.segments)
        carrier = self._routes.carrier(ready.provider, controls.providers)
        counted = (
            UsedQuota(ready.number_key, ready.budget_key, self._budgeted)
            if ready.is_counted
            else None
        )
        answered = SubmissionResult(
            ready.sms.request_id, outcome, ready.notification, carrier, counted
        )
        await retry(partial(self._answers.add, answered), on=Unavailable, backoff=Backoff(0.1))

    @property
    def _budgeted(self) -> bool:
        return self._installation.rules.ward_segments_a_day is not None

    async def _settle(self, answers: Sequence[SubmissionResult]) -> Sequence[Exception | None]:
        policy, now = self._settings.retry_policy, self._clock()
        await self._ledger.transact(partial(settle, answers=answers, policy=policy, now=now))
        return [None] * len(answers)

    async def _recover(self) -> None:
        """What died with its process, and corrections whose original never came."""
        at, now, limit = self._machine_clock(), self._clock(), self._settings.at_once
        if dead := await self._ledger.abandoned(at, limit):
            repeating = self._routes.repeating
            await self._ledger.transact(
                partial(give_up, ids=dead, repeating=repeating, at=at, now=now)
            )
        if stranded := await self._ledger.stranded(now, limit):
            delay = self._settings.delay
            await self._ledger.transact(partial(stand_alone, event_ids=stranded, delay=delay))
        await self._tell_how_late(now)

    async def _tell_how_late(self, now: datetime) -> None:
        """Of all parts: a part that no process sends is seen by the others."""
        longest_waiting = await self._ledger.due(now, 1)
        waited_s = [(now - n.due_at).total_seconds() for n in longest_waiting if n.due_at]
        metrics.OVERDUE.set(max(waited_s, default=0))

    async def _until_there_is_room(self, found: int) -> None:
        """A quarter of what may be under way: small helpings cost as many round trips."""
        enough = self._settings.at_once * 3 // 4
        while len(self._under_way) + len(self._in_hand) > enough:
            await asyncio.wait(self._open, return_when=asyncio.FIRST_COMPLETED)
        if not found and not self._stopping:
            with suppress(TimeoutError):
                async with asyncio.timeout(self._settings.poll_s):
                    await self.woken.wait()

    def _ended(self, task: asyncio.Task[None]) -> None:
        """What broke is lost to this process; its lease will tell."""
        self._under_way.discard(task)
        if not task.cancelled() and (error := task.exception()):
            log.error("an attempt was left open", exc_info=error)
