"""RabbitMQ, spoken to with aio-pika.

Publishing and consuming never share a connection: a broker that throttles publishers would
hold back the acknowledgements too.
"""

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress

import aio_pika
from aio_pika.abc import (
    AbstractChannel,
    AbstractConnection,
    AbstractExchange,
    AbstractIncomingMessage,
)
from aio_pika.exceptions import (
    AMQPError,
    ChannelInvalidStateError,
    ChannelNotFoundEntity,
    DeliveryError,
    PublishError,
)

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

HEARTBEAT_S = 10
CONNECT_TIMEOUT_S = 5.0
PUBLISH_TIMEOUT_S = 10.0
CLOSE_TIMEOUT_S = 2.0


class AmqpBroker:
    """A RabbitMQ node or cluster; each publisher and each inbox is a connection of its own."""

    def __init__(
        self,
        url: str,
        *,
        heartbeat_s: int = HEARTBEAT_S,
        publish_timeout_s: float = PUBLISH_TIMEOUT_S,
    ) -> None:
        self.url = url
        self._heartbeat_s = heartbeat_s
        self._publish_timeout_s = publish_timeout_s

    @asynccontextmanager
    async def publisher(self, name: str) -> AsyncIterator[Publisher]:
        async with self.connection(name) as connection:
            with _translated():
                channel = await connection.channel(publisher_confirms=True, on_return_raises=True)
            yield _AmqpPublisher(channel, self._publish_timeout_s)

    @asynccontextmanager
    async def inbox(self, queue: str, *, prefetch: int) -> AsyncIterator[Inbox]:
        async with self.connection(f"consume {queue}") as connection:
            inbox = _AmqpInbox()
            with _translated():
                channel = await connection.channel(publisher_confirms=False)
                await channel.set_qos(prefetch_count=prefetch)
                await inbox.watch(channel)
                consumed = await channel.get_queue(queue, ensure=False)
                await consumed.consume(inbox.on_message)
            yield inbox

    async def depth(self, queue: str) -> int | None:
        async with self.connection(f"measure {queue}") as connection:
            with _translated():
                channel = await connection.channel(publisher_confirms=False)
                try:
                    found = await channel.declare_queue(queue, passive=True)
                except ChannelNotFoundEntity:
                    return None
                return found.declaration_result.message_count

    @asynccontextmanager
    async def connection(self, name: str) -> AsyncIterator[AbstractConnection]:
        """A plain connection, dropped at the end; it never reconnects by itself."""
        with _translated():
            async with asyncio.timeout(CONNECT_TIMEOUT_S):
                connection = await aio_pika.connect(
                    self.url,
                    heartbeat=self._heartbeat_s,
                    client_properties={"connection_name": f"tungngo {name}"},
                )
        try:
            yield connection
        finally:
            await _drop(connection)


class _AmqpPublisher:
    def __init__(self, channel: AbstractChannel, timeout_s: float) -> None:
        self._channel = channel
        self._timeout_s = timeout_s
        self._exchanges: dict[str, AbstractExchange] = {DEFAULT_EXCHANGE: channel.default_exchange}

    async def publish(self, message: Outgoing) -> None:
        try:
            async with asyncio.timeout(self._timeout_s):
                exchange = await self._exchange(message.exchange)
                await exchange.publish(
                    _to_amqp(message), message.routing_key, mandatory=message.mandatory
                )
        except PublishError as error:
            raise Unroutable(message.routing_key) from error
        except DeliveryError as error:
            raise Refused(message.routing_key) from error
        except (*LOST, TimeoutError) as error:
            raise Unconfirmed(type(error).__name__) from error
        except asyncio.CancelledError as error:
            if _cancelled_by_caller():
                raise
            raise Unconfirmed("the connection was lost while publishing") from error

    async def _exchange(self, name: str) -> AbstractExchange:
        if name not in self._exchanges:
            self._exchanges[name] = await self._channel.get_exchange(name, ensure=False)
        return self._exchanges[name]


class _AmqpInbox:
    def __init__(self) -> None:
        self._arrived: deque[tuple[Delivery, AbstractIncomingMessage]] = deque()
        self._taken: dict[int, AbstractIncomingMessage] = {}
        self._changed = asyncio.Event()
        self._closed = False

    @property
    def alive(self) -> bool:
        return not self._closed

    async def watch(self, channel: AbstractChannel) -> None:
        """A channel that closes and a consumer that the broker cancels end the inbox alike."""
        channel.close_callbacks.add(self._end)
        (await channel.get_underlay_channel()).on_consumer_cancel_callbacks.add(self._end)

    async def on_message(self, message: AbstractIncomingMessage) -> None:
        self._arrived.append((from_amqp(message), message))
        self._changed.set()

    async def take(self, max_events: int) -> list[Delivery]:
        while not self._arrived:
            self._changed.clear()
            self._check()
            await self._changed.wait()
        self._check()
        taken: list[Delivery] = []
        events = 0
        while self._arrived and (not taken or events + self._arrived[0][0].count <= max_events):
            delivery, message = self._arrived.popleft()
            events += delivery.count
            taken.append(delivery)
            self._taken[delivery.tag] = message
        return taken

    async def ack_through(self, tag: int) -> None:
        self._check()
        done = [taken for taken in self._taken if taken <= tag]
        if done:
            messages = [self._taken.pop(taken) for taken in done]
            with _translated():
                await messages[-1].ack(multiple=True)

    async def ack(self, tag: int) -> None:
        self._check()
        with _translated():
            await self._taken.pop(tag).ack()

    def _check(self) -> None:
        if self._closed:
            raise BrokerUnavailable("the consumer's channel is gone")

    def _end(self, *_: object) -> None:
        self._closed = True
        self._changed.set()


LOST = (AMQPError, ChannelInvalidStateError, OSError, RuntimeError)
"""What aio-pika raises when a connection or channel is gone."""


@contextmanager
def _translated() -> Iterator[None]:
    try:
        yield
    except (*LOST, TimeoutError) as error:
        raise BrokerUnavailable(type(error).__name__) from error


async def _drop(connection: AbstractConnection) -> None:
    """Closes it, without waiting for a broker that does not answer."""
    with suppress(*LOST, TimeoutError):
        async with asyncio.timeout(CLOSE_TIMEOUT_S):
            await connection.close()


def _cancelled_by_caller() -> bool:
    task = asyncio.current_task()
    return task is not None and task.cancelling() > 0


def _to_amqp(message: Outgoing) -> aio_pika.Message:
    return aio_pika.Message(
        message.body,
        headers=dict(message.headers),
        content_type=message.content_type,
        delivery_mode=aio_pika.DeliveryMode.PERSISTENT,
        message_id=message.message_id,
        type=message.type,
        app_id=message.app_id,
    )


def from_amqp(message: AbstractIncomingMessage) -> Delivery:
    """What aio-pika, and FastStream with it, received."""
    return Delivery(
        tag=message.delivery_tag or 0,
        routing_key=message.routing_key or "",
        body=message.body,
        message_id=message.message_id or "",
        type=message.type or "",
        app_id=message.app_id or "",
        headers=message.headers,
        content_type=message.content_type or "",
        redelivered=bool(message.redelivered),
    )
