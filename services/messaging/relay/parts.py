"""What a relay is made of, and how it goes about its work."""

from collections.abc import Awaitable, Callable, Collection, Sequence
from dataclasses import dataclass

from services.events.citizens import CitizenErased, CitizenMerged
from services.events.corrections import EventVoided
from services.events.registry import type_name
from services.messaging.broker import Broker
from services.messaging.log.stored import Stored
from services.messaging.relay.outbox import Outbox
from services.messaging.relay.packing import Parcel, Private, pack, wrap
from services.messaging.topology import NOTIFY_CONTACTS
from services.platform.clock import Clock, utc_now

Confidential = Callable[[Sequence[Stored]], Awaitable[Sequence[Private]]]
"""What notify alone may read of these entries; one that cannot be opened any more is left out."""

CONFIDENTIAL_TYPES = frozenset(
    {type_name(CitizenErased), type_name(CitizenMerged), type_name(EventVoided)}
)
"""What changes who is who; a void does where it takes back a merger."""


def is_secret(entry: Stored) -> bool:
    """Whether notify alone may read something of it."""
    return bool(entry.contact) or entry.type in CONFIDENTIAL_TYPES


async def nothing_confidential(_: Sequence[Stored]) -> Sequence[Private]:
    """For a log without contacts."""
    return ()


@dataclass(frozen=True, slots=True)
class RelayOptions:
    """How often a relay does what nothing tells it to do."""

    clock: Clock = utc_now
    poll_s: float = 0.05
    heartbeat_s: float = 1.0
    lease_retry_s: float = 1.0
    backoff_s: float = 0.2


DEFAULT_OPTIONS = RelayOptions()


@dataclass(frozen=True, slots=True)
class RelayParts:
    """Of one log's relay."""

    outbox: Outbox
    broker: Broker
    app_id: str
    partitions: int
    confidential: Confidential = nothing_confidential
    options: RelayOptions = DEFAULT_OPTIONS

    def pack(self, entries: Sequence[Stored], only: Collection[str] = ()) -> list[Parcel]:
        """The entries' messages, without what notify alone may read."""
        return pack(entries, self.app_id, self.partitions, self.options.clock(), only)

    async def pack_private(self, entries: Sequence[Stored]) -> list[Parcel]:
        """What notify alone may read of these entries.

        Raises: whatever keeps it from being read; nothing of it was lost.
        """
        secret = [entry for entry in entries if is_secret(entry)]
        return [wrap(p, self.app_id) for p in await self.confidential(secret)] if secret else []

    async def pack_for(self, reader: str, entries: Sequence[Stored]) -> list[Parcel]:
        """The messages of one reader."""
        if reader == NOTIFY_CONTACTS:
            return await self.pack_private(entries)
        return self.pack(entries, only=[reader])
