"""Brings queues of an earlier version to their present arguments, with all that lies in them.

A queue's arguments cannot be changed in place. So its messages move to a queue beside it, it is
made again, and they move back. Whatever ends this half way, the next run goes on; a message may
then be there twice, which every reader bears.
"""

import asyncio
from contextlib import suppress

from aio_pika.abc import AbstractQueue
from aio_pika.exceptions import ChannelNotFoundEntity, ChannelPreconditionFailed

from services.messaging.amqp import AmqpBroker
from services.messaging.broker import DEFAULT_EXCHANGE, Delivery, Outgoing
from services.messaging.topology import (
    EXCHANGES,
    Binding,
    Queue,
    bind,
    declare_queue,
    partition_queue,
    queues,
)

AT_ONCE = 200
QUIET_S = 0.5


class InUse(Exception):
    """Somebody consumes the queue: what it has taken and not acknowledged would be lost."""


async def bring_up_to_date(broker: AmqpBroker, partitions: int) -> list[str]:
    """Declares what is missing, and changes what stands otherwise; the names of what moved.

    Services that consume are stopped meanwhile. Raises: InUse; BrokerUnavailable, Unconfirmed.
    """
    async with broker.connection("declare") as connection, connection.channel() as channel:
        for name in EXCHANGES:
            await channel.declare_exchange(name, "topic", durable=True)
    moved = [q.name for q in queues(partitions) if await _Upgrade(broker, q).carry_out()]
    await _drop_empty_partitions(broker, partitions)
    return moved


class _Upgrade:
    """Of one queue."""

    def __init__(self, broker: AmqpBroker, queue: Queue) -> None:
        self._broker = broker
        self._queue = queue
        self._beside = Queue(f"{queue.name}.moving", queue.bindings, {"x-queue-type": "quorum"})

    async def carry_out(self) -> bool:
        """Whether anything had to move."""
        up_to_date = await self._declared()
        if up_to_date and await _count(self._broker, self._beside.name) is None:
            return False
        if not up_to_date:
            await self._move_away()
            await self._declared()
        await self._move(self._beside.name, self._queue.name)
        await _delete(self._broker, self._beside.name)
        return True

    async def _declared(self) -> bool:
        """Whether the queue stands as it should, made now where it was missing."""
        async with self._broker.connection("declare") as connection:
            try:
                async with connection.channel() as channel:
                    await declare_queue(channel, self._queue)
            except ChannelPreconditionFailed:
                return False
        return True

    async def _move_away(self) -> None:
        """What is published meanwhile goes to the queue beside, as well."""
        queue = self._queue
        async with (
            self._broker.connection("declare") as connection,
            connection.channel() as channel,
        ):
            standing = await channel.get_queue(queue.name)
            if standing.declaration_result.consumer_count:
                raise InUse(queue.name)
            await declare_queue(channel, self._beside)
            await bind(channel, self._beside.name, queue.former)
            await _unbind(standing, (*queue.bindings, *queue.former))
        await self._move(queue.name, self._beside.name)
        await _delete(self._broker, queue.name)

    async def _move(self, source: str, target: str) -> None:
        """Each message safe in the target before it is gone from the source."""
        async with self._broker.publisher(f"move to {target}") as publisher:
            while await _count(self._broker, source):
                async with self._broker.inbox(source, prefetch=AT_ONCE) as inbox:
                    with suppress(TimeoutError):
                        while True:
                            async with asyncio.timeout(QUIET_S):
                                taken = await inbox.take(AT_ONCE)
                            moving = (publisher.publish(_again(d, target)) for d in taken)
                            await asyncio.gather(*moving)
                            await inbox.ack_through(taken[-1].tag)


async def _drop_empty_partitions(broker: AmqpBroker, partitions: int) -> None:
    """Queues of more partitions than there are, the last first; reporting empties them."""
    last = partitions
    while await _count(broker, partition_queue(last)) is not None:
        last += 1
    while last > partitions and await _count(broker, partition_queue(last - 1)) == 0:
        last -= 1
        await _delete(broker, partition_queue(last))


async def _count(broker: AmqpBroker, name: str) -> int | None:
    """Messages that lie there; None where there is no such queue."""
    async with broker.connection("declare") as connection:
        try:
            async with connection.channel() as channel:
                return (await channel.get_queue(name)).declaration_result.message_count
        except ChannelNotFoundEntity:
            return None


async def _delete(broker: AmqpBroker, name: str) -> None:
    async with broker.connection("declare") as connection, connection.channel() as channel:
        await channel.queue_delete(name)


async def _unbind(queue: AbstractQueue, bindings: tuple[Binding, ...]) -> None:
    for binding in bindings:
        await queue.unbind(binding.exchange, binding.key)


def _again(delivery: Delivery, target: str) -> Outgoing:
    return Outgoing(
        DEFAULT_EXCHANGE,
        target,
        delivery.body,
        message_id=delivery.message_id,
        type=delivery.type,
        app_id=delivery.app_id,
        headers={n: v for n, v in delivery.headers.items() if not n.startswith("x-")},
        content_type=delivery.content_type,
    )
