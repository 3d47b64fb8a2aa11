"""The way out: what is due is judged, written ahead, submitted and settled."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial

import structlog

from services.messaging.entry import Unavailable
from services.notify import metrics
from services.notify.arrivals import stand_alone
from services.notify.contacts import Contacts
from services.notify.drafts import Draft, House, draft
from services.notify.notification import Notification
from services.notify.outcomes import Answered, Patience, close_unconfirmed, give_up, settle
from services.notify.providers.provider import Provider
from services.notify.states import JUDGEABLE
from services.notify.transaction import Ledger
from services.notify.write_ahead import Terms, write_ahead
from services.platform.clock import Clock

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Pace:
    """How the dispatch goes about its work."""

    delay: timedelta = timedelta(minutes=30)
    """After the last event of a visit."""
    at_once: int = 50
    """Notifications in one round, so also SMS under way at a time."""
    lease: timedelta = timedelta(seconds=60)
    """Longer than a provider may take to answer."""
    poll_s: float = 0.5
    patience: Patience = field(default_factory=Patience)


class Dispatch:
    """Any number may run on one ledger; a notification goes to one of them."""

    def __init__(
        self,
        ledger: Ledger,
        contacts: Contacts,
        provider: Provider,
        house: House,
        pace: Pace,
        *,
        clock: Clock,
        machine_clock: Clock,
    ) -> None:
        self._ledger = ledger
        self._contacts = contacts
        self._provider = provider
        self._house = house
        self._pace = pace
        self._clock = clock
        self._machine_clock = machine_clock
        self.woken = asyncio.Event()
        """Set when there may be something due."""
        self._stopping = False

    def stop(self) -> None:
        """Ends `run` after the round under way, so that no answer of a provider is lost."""
        self._stopping = True
        self.woken.set()

    async def run(self) -> None:
        """Rounds until it is stopped; without a database it waits for one."""
        while not self._stopping:
            try:
                found = await self.round()
            except Unavailable:
                found = 0
            except Exception:  # the others must go on
                log.exception("a round of the dispatch failed")
                found = 0
            if not found:
                await self._rest()

    async def round(self) -> int:
        """One pass over what is due; says how much that was. Raises: Unavailable."""
        await self._recover()
        now = self._clock()
        due = await self._ledger.due(now, self._pace.at_once)
        if not due:
            return 0
        with metrics.ROUND.time():
            await self._look_at(due, now)
        return len(due)

    async def _look_at(self, due: Sequence[Notification], now: datetime) -> None:
        judgeable = [n for n in due if n.state in JUDGEABLE]
        over = [n.id for n in due if n.state not in JUDGEABLE]
        if over:
            await self._ledger.transact(partial(close_unconfirmed, ids=over, now=now))
        if judgeable:
            await self._submit(await self._ledger_says(await self._drafts(judgeable, now), now))

    async def _drafts(self, due: Sequence[Notification], now: datetime) -> list[Draft]:
        citizens = {id_ for n in due for id_ in (n.citizen_id, n.recipient_id)}
        persons = await self._contacts.persons(citizens)
        return [draft(n, persons, now, self._house) for n in due]

    async def _ledger_says(self, drafts: Sequence[Draft], now: datetime) -> list[Draft]:
        terms = Terms(
            provider=self._provider.name,
            rules=self._house.rules,
            now=now,
            lease_until=self._machine_clock() + self._pace.lease,
        )
        return await self._ledger.transact(partial(write_ahead, drafts=drafts, terms=terms))

    async def _submit(self, drafts: Sequence[Draft]) -> None:
        """Sends at once; whatever has been answered meanwhile is settled together."""
        under_way = {asyncio.create_task(self._send(d)) for d in drafts}
        while under_way:
            done, under_way = await asyncio.wait(under_way, return_when=asyncio.FIRST_COMPLETED)
            await self._settle([task.result() for task in done])

    async def _send(self, ready: Draft) -> Answered:
        outcome = await self._provider.send(ready.sms)
        metrics.count_submission(self._provider.name, outcome)
        return Answered(ready.sms.request_id, outcome)

    async def _settle(self, answers: Sequence[Answered]) -> None:
        """Until it is written down: only this process knows what the provider answered."""
        work = partial(
            settle,
            answers=answers,
            receipts=self._provider.gives_receipts,
            patience=self._pace.patience,
            now=self._clock(),
        )
        await _until_available(partial(self._ledger.transact, work))

    async def _recover(self) -> None:
        """What died with its process, and corrections whose original never came."""
        at, now = self._machine_clock(), self._clock()
        if dead := await self._ledger.abandoned(at, self._pace.at_once):
            await self._ledger.transact(partial(give_up, ids=dead, at=at, now=now))
        if stranded := await self._ledger.stranded(now, self._pace.at_once):
            delay = self._pace.delay
            await self._ledger.transact(partial(stand_alone, event_ids=stranded, delay=delay))

    async def _rest(self) -> None:
        with suppress(TimeoutError):
            async with asyncio.timeout(self._pace.poll_s):
                await self.woken.wait()


async def _until_available(work: Callable[[], Awaitable[None]]) -> None:
    wait_s = 0.1
    while True:
        try:
            return await work()
        except Unavailable:
            await asyncio.sleep(wait_s)
            wait_s = min(wait_s * 2, 5)
