"""Publishes a log once more, straight to reporting: for a reporting database that was lost."""

import asyncio
from dataclasses import replace

from services.messaging.broker import DEFAULT_EXCHANGE, Broker, Outgoing
from services.messaging.event_log import EventLog
from services.messaging.packing import pack
from services.messaging.topology import partition_queue

PAGE = 1_000


async def republish(event_log: EventLog, broker: Broker, *, app_id: str, after: str = "") -> int:
    """How many events were published, all of them confirmed; nobody but reporting hears them.

    The messages do not say how far they are complete. Raises: BrokerUnavailable, Unconfirmed.
    """
    published = 0
    async with broker.publisher(f"republish {app_id}") as publisher:
        while entries := await event_log.page(after, PAGE):
            parcels = pack(entries, app_id)
            messages = (_to_reporting(parcel.message) for parcel in parcels)
            await asyncio.gather(*(publisher.publish(message) for message in messages))
            published += len(entries)
            after = entries[-1].event_id
    return published


def _to_reporting(message: Outgoing) -> Outgoing:
    partition = int(message.routing_key.rpartition(".p")[2])
    return replace(message, exchange=DEFAULT_EXCHANGE, routing_key=partition_queue(partition))
