"""Publishes a log once more to one of its readers: for what a broker or a reader has lost."""

from collections.abc import Collection
from datetime import datetime
from enum import StrEnum

from services.messaging.log.event_log import EventLog
from services.messaging.log.stored import Stored
from services.messaging.relay.packing import Parcel
from services.messaging.relay.parts import RelayParts
from services.messaging.relay.sending import send
from services.messaging.topology import NOTIFY_CONTACTS, NOTIFY_EVENTS, partition_queue

PAGE = 1_000


class Reader(StrEnum):
    """A service that reads the logs."""

    REPORTING = "reporting"
    NOTIFY = "notify"

    def queues(self, partitions: int) -> tuple[str, ...]:
        """Those that it consumes."""
        if self is Reader.NOTIFY:
            return (NOTIFY_EVENTS, NOTIFY_CONTACTS)
        return tuple(map(partition_queue, range(partitions)))


async def republish(
    event_log: EventLog,
    parts: RelayParts,
    queues: Collection[str],
    *,
    since: datetime | None = None,
    after: str = "",
) -> int:
    """How many events were offered again, their messages confirmed; nobody else hears them.

    Those recorded from `since` on, by id after `after`. Every reader bears what it has already.
    Raises: BrokerUnavailable, Unconfirmed.
    """
    published = 0
    async with parts.broker.publisher(f"republish {parts.app_id}") as publisher:
        while entries := await event_log.page(after, PAGE, since):
            parcels = await _parcels(parts, queues, entries)
            sent = await send(publisher, parcels, parts.app_id)
            if failed := next((message.error for message in sent if message.error), None):
                raise failed
            published += len(entries)
            after = entries[-1].event_id
    return published


async def _parcels(
    parts: RelayParts, queues: Collection[str], entries: list[Stored]
) -> list[Parcel]:
    parcels = parts.pack(entries, only=queues)
    if NOTIFY_CONTACTS in queues:
        parcels += await parts.pack_private(entries)
    return parcels
