"""The ledger in memory; it passes the suite of the one in MongoDB."""

import asyncio
from collections.abc import Callable, Collection, Coroutine, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, TypeVar

from services.events.envelope import Event
from services.events.registry import encode
from services.messaging.log.entry import Entry
from services.notify.campaigns.campaign import CAMPAIGNS
from services.notify.ledger.controls import CONTROLS, Controls, controls_of
from services.notify.ledger.ledger import Query, Traces, Transaction
from services.notify.ledger.parts import WHOLE, Part
from services.notify.ledger.records import (
    CLAIMS,
    NOTIFICATIONS,
    NUMBERS,
    REPLIES,
    ROWS,
    SENDERS,
    Sender,
)
from services.notify.ledger.table import Table
from services.notify.notification.notification import Notification
from services.notify.notification.numbers import NumberRecord
from services.notify.notification.occasions import EventRow
from services.notify.notification.states import JUDGEABLE, State
from services.platform.unavailable import Unavailable
from tests.twins.event_log import EventLogTwin

R = TypeVar("R")
T = TypeVar("T")


class LedgerTwin:
    """Tables of records; transactions run one after another. `down`: as without a database."""

    def __init__(self, log: EventLogTwin) -> None:
        self.log = log
        self.down = False
        self.tables: dict[str, dict[str, Any]] = {}
        self._one_at_a_time = asyncio.Lock()

    async def transact(self, work: Callable[[Transaction], Coroutine[Any, Any, T]]) -> T:
        self._reach()
        async with self._one_at_a_time:
            staged = _Staged(self)
            answer = await work(staged)
            self._reach()
            await self._commit(staged)
            return answer

    async def due(
        self, now: datetime, limit: int, part: Part = WHOLE, without: Collection[str] = ()
    ) -> list[Notification]:
        unsent = [n for n in self._notifications() if n.state is not State.SUBMITTING]
        waiting = [n for n in unsent if part.has(n.id) and n.id not in without]
        due = [(n.due_at, n) for n in waiting if n.due_at and n.due_at <= now]
        return [n for _, n in sorted(due, key=lambda pair: pair[0])[:limit]]

    async def abandoned(self, at: datetime, limit: int) -> list[str]:
        gone = [n.id for n in self._notifications() if n.lease_until and n.lease_until <= at]
        return gone[:limit]

    async def stranded(self, now: datetime, limit: int) -> list[str]:
        rows = self.records(ROWS).values()
        return [r.event_id for r in rows if r.waits_until and r.waits_until <= now][:limit]

    async def wake(self, citizen_ids: Collection[str], now: datetime) -> None:
        self._reach()
        async with self._one_at_a_time:
            for n in self._notifications():
                if n.state in JUDGEABLE and any(v.citizen_id in citizen_ids for v in n.occasions):
                    self.records(NOTIFICATIONS)[n.id] = _woken(n, now)

    async def traces(self, citizen_ids: Collection[str]) -> Traces:
        self._reach()
        told = {
            n.id
            for n in self._notifications()
            if any(o.citizen_id in citizen_ids for o in n.occasions)
        }
        leading = told | {*citizen_ids}
        return Traces(
            notifications=frozenset(told),
            numbers=frozenset(
                key
                for key, n in self.records(NUMBERS).items()
                if leading & {*n.sent, *n.asked, *n.confirmed, *n.wrong_for}
            ),
            replies=frozenset(
                id_ for id_, r in self.records(REPLIES).items() if r.citizen_id in citizen_ids
            ),
            claims=frozenset(
                key
                for key, claim in self.records(CLAIMS).items()
                if key.startswith("campaign-") and claim.notification_id in told
            ),
        )

    async def senders(self, notification_ids: Collection[str]) -> dict[str, Sender]:
        self._reach()
        known = self.records(SENDERS)
        return {id_: known[id_] for id_ in notification_ids if id_ in known}

    async def versions(self, notification_ids: Collection[str]) -> dict[str, int]:
        return {n.id: n.version for n in self._notifications() if n.id in notification_ids}

    async def numbers(self, number_keys: Collection[str]) -> dict[str, NumberRecord]:
        self._reach()
        known = self.records(NUMBERS)
        return {key: known[key] for key in number_keys if key in known}

    async def controls(self) -> Controls:
        self._reach()
        return controls_of(self.records(CONTROLS))

    async def invitations(self, campaign_ids: Collection[str]) -> dict[str, str]:
        known = self.records(CAMPAIGNS)
        return {id_: known[id_].text for id_ in campaign_ids if id_ in known}

    async def find(self, notification_id: str) -> Notification | None:
        self._reach()
        return self.records(NOTIFICATIONS).get(notification_id)

    async def search(self, query: Query) -> list[Notification]:
        found = [n for n in self._notifications() if _asked_for(n, query)]
        return sorted(found, key=lambda n: (n.created_at, n.id), reverse=True)[: query.limit]

    async def newest(self) -> EventRow | None:
        told = [(r.occasion.recorded_at, r) for r in self.records(ROWS).values() if r.occasion]
        return max(told, key=lambda pair: pair[0])[1] if told else None

    def records(self, table: Table[R]) -> dict[str, R]:
        """A whole table."""
        return self.tables.setdefault(table.name, {})

    def _notifications(self) -> list[Notification]:
        self._reach()
        return list(self.records(NOTIFICATIONS).values())

    async def _commit(self, staged: "_Staged") -> None:
        entries = [Entry(event, encode(event)) for event in staged.announced]
        if entries:
            await self.log.append_all(entries)
        for name, keys in staged.dropped.items():
            for key in keys:
                self.tables.get(name, {}).pop(key, None)
        for name, records in staged.written.items():
            self.tables.setdefault(name, {}).update(records)

    def _reach(self) -> None:
        if self.down:
            raise Unavailable


class _Staged:
    """What one transaction has written so far; nobody else sees it."""

    def __init__(self, ledger: LedgerTwin) -> None:
        self._ledger = ledger
        self.written: dict[str, dict[str, Any]] = {}
        self.dropped: dict[str, set[str]] = {}
        self.announced: list[Event] = []

    async def get(self, table: Table[R], keys: Collection[str]) -> dict[str, R]:
        seen = self._seen(table)
        return {key: seen[key] for key in keys if key in seen}

    async def unchanged(self, known: Collection[Notification]) -> dict[str, Notification]:
        return await self.get(NOTIFICATIONS, [n.id for n in known])

    async def put(self, table: Table[R], records: Mapping[str, R]) -> None:
        self.written.setdefault(table.name, {}).update(records)

    async def drop(self, table: Table[Any], keys: Collection[str]) -> None:
        self.dropped.setdefault(table.name, set()).update(keys)
        for key in keys:
            self.written.get(table.name, {}).pop(key, None)

    async def lease(self, notification_ids: Collection[str], until: datetime) -> None:
        """The twin looks at each notification's own."""

    async def waiting_for(self, event_ids: Collection[str]) -> list[EventRow]:
        rows = self._seen(ROWS).values()
        return [row for row in rows if row.replaces in event_ids and row.waits_until]

    async def announce(self, events: Sequence[Event]) -> None:
        self.announced.extend(events)

    def _seen(self, table: Table[R]) -> dict[str, R]:
        return self._ledger.records(table) | self.written.get(table.name, {})


def _woken(notification: Notification, now: datetime) -> Notification:
    due_at = notification.due_at
    if notification.state is State.DEFERRED and due_at is not None:
        due_at = min(due_at, now)
    return replace(notification, version=notification.version + 1, due_at=due_at)


def _asked_for(notification: Notification, query: Query) -> bool:
    visits = notification.occasions
    place = (notification.created_at, notification.id)
    return (
        (not query.event_id or any(v.event_id == query.event_id for v in visits))
        and (not query.citizen_id or any(v.citizen_id == query.citizen_id for v in visits))
        and (not query.states or notification.state in query.states)
        and (query.wards is None or any(v.ward in query.wards for v in visits))
        and (query.before is None or place < query.before)
    )
