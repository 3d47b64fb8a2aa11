"""A bare relay: find what is pending, publish it confirmed, mark it."""

import asyncio
from collections import defaultdict
from typing import Any

import aio_pika

from services.platform.mongo import Collection

EXCHANGE = "bench"
READ = 1_000
IN_A_MESSAGE = 100
POLL_S = 0.02


def queue(partition: int) -> str:
    """The consumer's queue of one partition."""
    return f"bench.p{partition}"


async def relay(events: Collection, broker_url: str) -> None:
    """Until it is cancelled."""
    async with await aio_pika.connect(broker_url) as connection:
        channel = await connection.channel(publisher_confirms=True, on_return_raises=True)
        exchange = await channel.get_exchange(EXCHANGE, ensure=False)
        while True:
            found = events.find({"pending": {"$exists": True}}).sort("pending", 1).hint("pending_1")
            read = await found.limit(READ).to_list(READ)
            if not read:
                await asyncio.sleep(POLL_S)
                continue
            await asyncio.gather(*(exchange.publish(m, key) for key, m in _messages(read)))
            ids = [document["_id"] for document in read]
            await events.update_many({"_id": {"$in": ids}}, {"$unset": {"pending": ""}})


def _messages(read: list[dict[str, Any]]) -> list[tuple[str, aio_pika.Message]]:
    parts = defaultdict[int, list[bytes]](list)
    for document in read:
        parts[document["partition"]].append(document["body"])
    return [
        (f"p{partition}", _message(bodies[n : n + IN_A_MESSAGE]))
        for partition, bodies in parts.items()
        for n in range(0, len(bodies), IN_A_MESSAGE)
    ]


def _message(bodies: list[bytes]) -> aio_pika.Message:
    return aio_pika.Message(
        b"[" + b",".join(bodies) + b"]", delivery_mode=aio_pika.DeliveryMode.PERSISTENT
    )
