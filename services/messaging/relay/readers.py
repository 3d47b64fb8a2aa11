"""Who reads a log's events: each of our queues, and whatever others have bound. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from services.messaging.broker import Refused, Unconfirmed
from services.messaging.log.completeness import Tally
from services.messaging.log.stored import Stored
from services.messaging.topology import (
    EVENTS,
    NOTIFY_CONTACTS,
    NOTIFY_EVENTS,
    NOTIFY_TYPES,
    partition_queue,
)

OTHERS = EVENTS
"""Queues that we do not declare, bound to the exchange `events`."""


def readers_of(event_type: str, partition: int) -> tuple[str, ...]:
    """The readers of an event, by queue; its contact, if it has one, has one of its own."""
    ours = (partition_queue(partition), *((NOTIFY_EVENTS,) if event_type in NOTIFY_TYPES else ()))
    return (*ours, OTHERS)


def all_readers(partitions: int) -> tuple[str, ...]:
    """Every name that `readers_of` gives, and that of the contacts."""
    return (*map(partition_queue, range(partitions)), NOTIFY_EVENTS, NOTIFY_CONTACTS, OTHERS)


@dataclass(frozen=True, slots=True)
class Sent:
    """One message to one reader, and what became of it."""

    reader: str
    event_ids: tuple[str, ...]
    error: Exception | None = None
    skipped: bool = False
    """Not tried, for the reader took nothing a moment ago."""

    @property
    def is_taken(self) -> bool:
        """Safe in the reader's queue; what a queue of others refuses is theirs to avoid."""
        refused_by_others = self.reader == OTHERS and isinstance(self.error, Refused)
        return not self.skipped and (self.error is None or refused_by_others)


@dataclass(frozen=True, slots=True)
class Deliveries:
    """What became of some entries: who still owes its taking, and what each partition has now."""

    owed: Mapping[tuple[str, ...], Sequence[str]]
    """Ids by the readers that have not taken them; under `()` what everybody took."""
    tallies: Mapping[int, Tally] = field(default_factory=dict)
    """By partition, the events that its queue took."""

    @property
    def owing(self) -> frozenset[str]:
        """The readers that did not take all."""
        return frozenset(reader for readers in self.owed for reader in readers)


def deliveries(entries: Iterable[Stored], sent: Sequence[Sent], partitions: int) -> Deliveries:
    """Of entries whose messages were sent, or skipped, to all the readers they were meant for."""
    missing: dict[str, set[str]] = {entry.event_id: set() for entry in entries}
    for message in sent:
        if not message.is_taken:
            for event_id in message.event_ids:
                missing[event_id].add(message.reader)
    owed: dict[tuple[str, ...], list[str]] = {}
    for event_id, readers in missing.items():
        owed.setdefault(tuple(sorted(readers)), []).append(event_id)
    return Deliveries(owed, _tallies(sent, partitions))


def _tallies(sent: Iterable[Sent], partitions: int) -> dict[int, Tally]:
    partition = {partition_queue(n): n for n in range(partitions)}
    tallies: dict[int, Tally] = {}
    for message in sent:
        if message.is_taken and message.reader in partition:
            n = partition[message.reader]
            tallies[n] = tallies.get(n, Tally()).plus(message.event_ids)
    return tallies


def broken(sent: Sequence[Sent]) -> Exception | None:
    """What shows that the connection, and not a reader, is at fault: nothing was confirmed."""
    tried = [message for message in sent if not message.skipped]
    lost = [m.error for m in tried if type(m.error) is Unconfirmed]
    confirmed = any(m.error is None or type(m.error) is not Unconfirmed for m in tried)
    return lost[0] if lost and not confirmed else None
