"""relay_readers: events a second, confirmed, one publish a reader; its floor is one for all."""

import asyncio
import time
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace

from aio_pika.abc import AbstractChannel

from bench.figure import Figure
from bench.plan import Bench
from services.messaging.amqp import AmqpBroker
from services.messaging.broker import Outgoing, Publisher
from services.messaging.topology import queues

EXCHANGE = "bench.readers"
ALL = "bench.all"
READERS = ("bench.reporting", "bench.notify")
EVENTS_IN_A_MESSAGE = 20
BODY = b"[" + b",".join([b"{" + b" " * 800 + b"}"] * EVENTS_IN_A_MESSAGE) + b"]"
IN_A_ROUND = 20
PARTITIONS = 4


def measure(bench: Bench) -> Iterator[Figure]:
    """By turns on the same two quorum queues, and to others of whom there are none."""
    with bench.servers.stage("readers") as stage:
        broker = AmqpBroker(stage.broker_url)
        each, together = asyncio.run(_by_turns(broker, bench.plan.sustained_s / 6))
    yield Figure("relay_readers", each, together)


async def _by_turns(broker: AmqpBroker, seconds: float) -> tuple[float, float]:
    rates: dict[bool, list[float]] = {True: [], False: []}
    async with _declared(broker) as channel, broker.publisher("bench") as publisher:
        for each in (True, False, False, True, True, False):
            rates[each].append(await _rate(publisher, each=each, seconds=seconds))
            for name in READERS:
                await (await channel.get_queue(name)).purge()
    return sorted(rates[True])[1], sorted(rates[False])[1]


async def _rate(publisher: Publisher, *, each: bool, seconds: float) -> float:
    began, rounds = time.monotonic(), 0
    while time.monotonic() - began < seconds:
        messages = [m for n in range(IN_A_ROUND) for m in _messages(f"{rounds}-{n}", each=each)]
        await asyncio.gather(*map(publisher.publish, messages))
        rounds += 1
    return rounds * IN_A_ROUND * EVENTS_IN_A_MESSAGE / (time.monotonic() - began)


def _messages(name: str, *, each: bool) -> Sequence[Outgoing]:
    one = Outgoing(EXCHANGE, ALL, BODY, name, "citizen.assisted.v1", "bench")
    if not each:
        return [one]
    others = replace(one, routing_key="bench.others", message_id=f"{name}@", mandatory=False)
    return [*(replace(one, routing_key=r, message_id=f"{name}@{r}") for r in READERS), others]


@asynccontextmanager
async def _declared(broker: AmqpBroker) -> AsyncIterator[AbstractChannel]:
    """Two queues with the arguments of the real ones."""
    arguments = next(q.arguments for q in queues(PARTITIONS) if q.name == "notify.events")
    async with broker.connection("bench") as connection, connection.channel() as channel:
        await channel.declare_exchange(EXCHANGE, "topic", durable=True)
        for name in READERS:
            queue = await channel.declare_queue(name, durable=True, arguments=arguments)
            await queue.bind(EXCHANGE, name)
            await queue.bind(EXCHANGE, ALL)
        yield channel
        for name in READERS:
            await channel.queue_delete(name)
