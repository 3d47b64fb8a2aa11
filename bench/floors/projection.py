"""A bare projection: consume, validate, and write facts and counters in one transaction.

`python -m bench.floors.projection` reads MONGO_URL, DATABASE and BROKER_URL.
"""

import asyncio
import os
from collections import Counter, defaultdict
from functools import partial
from typing import Any

import aio_pika
import uvloop
from aio_pika.abc import AbstractIncomingMessage
from pydantic import TypeAdapter
from pymongo import UpdateOne

from bench.floors.relay import EXCHANGE, queue
from services.events.assistance import CitizenAssisted
from services.messaging.topology import queues
from services.platform.mongo import Client, Database, Session, connect, transact

PARTITIONS = 4
MAX_EVENTS = 2_000
PREFETCH = 200
MANY = TypeAdapter(list[CitizenAssisted])


async def declare(broker_url: str) -> None:
    """Queues with the same arguments as reporting's."""
    real = next(q for q in queues(PARTITIONS) if q.name == "reporting.p0")
    async with await aio_pika.connect(broker_url) as connection:
        channel = await connection.channel()
        exchange = await channel.declare_exchange(EXCHANGE, "topic", durable=True)
        for n in range(PARTITIONS):
            made = await channel.declare_queue(queue(n), durable=True, arguments=real.arguments)
            await made.bind(exchange, f"p{n}")
            await made.purge()


class BareWorker:
    """One partition's."""

    def __init__(self, client: Client, database: Database) -> None:
        self._client = client
        self._database = database
        self._arrived: asyncio.Queue[AbstractIncomingMessage] = asyncio.Queue()

    async def run(self, broker_url: str, name: str) -> None:
        """Until it is cancelled."""
        async with await aio_pika.connect(broker_url) as connection:
            channel = await connection.channel(publisher_confirms=False)
            await channel.set_qos(prefetch_count=PREFETCH)
            await (await channel.get_queue(name, ensure=False)).consume(self._arrived.put)
            while True:
                messages, events = await self._take()
                await transact(self._client, partial(self._write, events))
                await messages[-1].ack(multiple=True)

    async def _take(self) -> tuple[list[AbstractIncomingMessage], list[CitizenAssisted]]:
        messages = [await self._arrived.get()]
        events = MANY.validate_json(messages[0].body)
        while not self._arrived.empty() and len(events) < MAX_EVENTS:
            messages.append(self._arrived.get_nowait())
            events += MANY.validate_json(messages[-1].body)
        return messages, events

    async def _write(self, events: list[CitizenAssisted], session: Session) -> None:
        counts = defaultdict[str, Counter[str]](Counter)
        for event in events:
            for line in event.data.services:
                counts[f"{event.ward}|{event.day}"][f"{line.service}.{line.outcome}"] += 1
        sums = [UpdateOne({"_id": k}, {"$inc": dict(c)}, upsert=True) for k, c in counts.items()]
        await self._database["cells"].bulk_write(sums, ordered=False, session=session)
        facts = [_fact(event) for event in events]
        await self._database["facts"].insert_many(facts, ordered=False, session=session)


def _fact(event: CitizenAssisted) -> dict[str, Any]:
    return {
        "_id": event.id,
        "ward": event.ward,
        "day": str(event.day),
        "body": event.model_dump_json(exclude_none=True).encode(),
    }


async def main(mongo_url: str, name: str, broker_url: str) -> None:
    """All partitions in one process, as in reporting."""
    client = connect(mongo_url)
    database = client[name]
    await database["facts"].create_index([("ward", 1), ("day", 1), ("_id", 1)])
    for collection in ("facts", "cells"):
        if collection not in await database.list_collection_names():
            await database.create_collection(collection)
    async with asyncio.TaskGroup() as group:
        for n in range(PARTITIONS):
            group.create_task(BareWorker(client, database).run(broker_url, queue(n)))


if __name__ == "__main__":
    told = os.environ
    uvloop.install()
    asyncio.run(main(told["MONGO_URL"], told["DATABASE"], told["BROKER_URL"]))
