"""The broker in memory, with the topology that is declared on the real one."""

import asyncio
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace

from services.messaging.broker import (
    DEFAULT_EXCHANGE,
    BrokerUnavailable,
    Delivery,
    Inbox,
    Outgoing,
    Publisher,
    Refused,
    Unconfirmed,
    Unroutable,
)
from services.messaging.topology import Binding, queues


@dataclass
class QueueTwin:
    """Ready messages and the inboxes that wait for them, the active one first."""

    bound: tuple[Binding, ...] = ()
    single: bool = False
    limit: int | None = None
    ready: deque[Delivery] = field(default_factory=deque)
    inboxes: list["_InboxTwin"] = field(default_factory=list)

    def offer(self, delivery: Delivery) -> None:
        self.ready.append(delivery)
        self.deliver()

    def deliver(self) -> None:
        """To the inbox with most room; a single active consumer is the first."""
        while self.ready:
            candidates = self.inboxes[:1] if self.single else self.inboxes
            free = [inbox for inbox in candidates if inbox.room > 0]
            if not free:
                return
            max(free, key=lambda inbox: inbox.room).receive(self.ready.popleft())


class BrokerTwin:
    """`down` refuses connections and breaks those that stand; queues survive it."""

    def __init__(self, partitions: int = 4) -> None:
        self.queues = {
            q.name: QueueTwin(
                q.bindings,
                single=bool(q.arguments.get("x-single-active-consumer")),
            )
            for q in queues(partitions)
        }
        self.published: list[Outgoing] = []
        """Everything that was confirmed, in order."""
        self._down = False

    def declare_small(self, name: str, limit: int) -> None:
        """A queue that refuses what is more than `limit` messages."""
        self.queues[name] = QueueTwin(limit=limit)

    @property
    def down(self) -> bool:
        return self._down

    @down.setter
    def down(self, down: bool) -> None:
        self._down = down
        for queue in self.queues.values() if down else ():
            for inbox in list(queue.inboxes):
                inbox.leave()

    @asynccontextmanager
    async def publisher(self, name: str) -> AsyncIterator[Publisher]:
        self._reach()
        yield _PublisherTwin(self)

    @asynccontextmanager
    async def inbox(self, queue: str, *, prefetch: int) -> AsyncIterator[Inbox]:
        self._reach()
        if queue not in self.queues:
            raise BrokerUnavailable("no such queue")
        inbox = _InboxTwin(self.queues[queue], prefetch)
        try:
            yield inbox
        finally:
            inbox.leave()

    async def depth(self, queue: str) -> int | None:
        self._reach()
        return len(self.queues[queue].ready) if queue in self.queues else None

    def route(self, message: Outgoing) -> list[QueueTwin]:
        if message.exchange == DEFAULT_EXCHANGE:
            return [self.queues[message.routing_key]] if message.routing_key in self.queues else []
        return [
            queue
            for queue in self.queues.values()
            if any(
                exchange == message.exchange and _matches(key.split("."), message)
                for exchange, key in queue.bound
            )
        ]

    def _reach(self) -> None:
        if self._down:
            raise BrokerUnavailable("the broker is down")


class _PublisherTwin:
    def __init__(self, broker: BrokerTwin) -> None:
        self._broker = broker

    async def publish(self, message: Outgoing) -> None:
        await asyncio.sleep(0)
        if self._broker.down:
            raise Unconfirmed("the broker is down")
        reached = self._broker.route(message)
        if not reached and message.mandatory:
            raise Unroutable(message.routing_key)
        full = [q for q in reached if q.limit is not None and len(q.ready) >= q.limit]
        for queue in reached:
            if queue not in full:
                queue.offer(_delivery(message))
        if full:
            raise Refused(message.routing_key)
        self._broker.published.append(message)


class _InboxTwin:
    def __init__(self, queue: QueueTwin, prefetch: int) -> None:
        self._queue = queue
        self._prefetch = prefetch
        self._arrived: deque[Delivery] = deque()
        self._unacked: deque[Delivery] = deque()
        self._changed = asyncio.Event()
        self._tag = 0
        self._left = False
        queue.inboxes.append(self)
        queue.deliver()

    @property
    def room(self) -> int:
        return self._prefetch - len(self._unacked)

    def receive(self, delivery: Delivery) -> None:
        self._tag += 1
        tagged = replace(delivery, tag=self._tag)
        self._arrived.append(tagged)
        self._unacked.append(tagged)
        self._changed.set()

    @property
    def alive(self) -> bool:
        return not self._left

    async def take(self, max_events: int) -> list[Delivery]:
        while not self._arrived:
            self._changed.clear()
            self._check()
            await self._changed.wait()
        self._check()
        taken = [self._arrived.popleft()]
        room = max_events - taken[0].count
        while self._arrived and self._arrived[0].count <= room:
            taken.append(self._arrived.popleft())
            room -= taken[-1].count
        return taken

    async def ack_through(self, tag: int) -> None:
        self._check()
        while self._unacked and self._unacked[0].tag <= tag:
            self._unacked.popleft()
        self._queue.deliver()

    async def ack(self, tag: int) -> None:
        self._check()
        self._unacked = deque(d for d in self._unacked if d.tag != tag)
        self._queue.deliver()

    def leave(self) -> None:
        if self._left:
            return
        self._left = True
        self._changed.set()
        self._queue.inboxes.remove(self)
        for delivery in reversed(self._unacked):
            self._queue.ready.appendleft(replace(delivery, redelivered=True))
        self._queue.deliver()

    def _check(self) -> None:
        if self._left:
            raise BrokerUnavailable("the consumer's channel is gone")


def _delivery(message: Outgoing) -> Delivery:
    return Delivery(
        tag=0,
        routing_key=message.routing_key,
        body=message.body,
        message_id=message.message_id,
        type=message.type,
        app_id=message.app_id,
        headers=dict(message.headers),
        content_type=message.content_type,
    )


def _matches(pattern: list[str], message: Outgoing) -> bool:
    return _words_match(pattern, message.routing_key.split("."))


def _words_match(pattern: list[str], words: list[str]) -> bool:
    """Topic matching: `*` is one word, `#` any number."""
    if not pattern:
        return not words
    if pattern[0] == "#":
        return any(_words_match(pattern[1:], words[n:]) for n in range(len(words) + 1))
    return bool(words) and pattern[0] in ("*", words[0]) and _words_match(pattern[1:], words[1:])
