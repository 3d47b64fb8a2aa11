"""What services ask of an event log; the log is the outbox too: one document an event."""

import asyncio
from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Protocol

from services.events.envelope import Event
from services.messaging.log.entry import Appended, Entry
from services.messaging.log.stored import Stored
from services.platform.mongo import Session


class EventLog(Protocol):
    """What services ask of a log; MongoDB's and the twin in the tests pass one suite.

    Everything raises Unavailable while the log cannot be reached; asking again is safe. Within a
    transaction it is the transaction that says so.
    """

    appended: asyncio.Event
    """Set when the outbox may hold something new; the relay clears it."""

    async def append(self, entry: Entry) -> Appended:
        """Durable once it returns. Raises: Unavailable; appending again is safe."""

    async def append_all(self, entries: Sequence[Entry]) -> list[Appended]:
        """As `append`, in one write; equal ids among them are judged too."""

    async def insert_in(self, session: Session, entries: Sequence[Entry]) -> None:
        """Entries whose ids `hashes` did not name, within the caller's transaction; durable once
        that is, and the relay wakes when `announce` is called then.

        Raises: Unavailable where another append of an id came between.
        """

    def announce(self) -> None:
        """Wakes the relay after a transaction; without it the relay's next poll finds it."""

    async def find(self, event_id: str) -> Stored | None:
        """The entry of this id."""

    async def find_all(self, event_ids: Collection[str]) -> dict[str, Stored]:
        """By id, the entries that are there."""

    async def histories(
        self, subjects: Collection[str], session: Session | None = None
    ) -> dict[str, list[Event]]:
        """By subject, its decided events and their voids, oldest first."""

    async def hashes(
        self, event_ids: Collection[str], session: Session | None = None
    ) -> dict[str, bytes]:
        """By id, what those were posted as that the log has already."""

    async def is_voided(self, event_id: str) -> bool:
        """Whether a void of it stands."""

    async def held_for(self, targets: Sequence[str]) -> list[Stored]:
        """What is held for one of these events."""

    async def held(self, after: str, limit: int) -> list[Stored]:
        """What is held, by id; to look again after a crash."""

    async def refuse_held(self, event_id: str) -> None:
        """It stays as it is, and is never looked at again."""

    async def publish(
        self, event: Event, session: Session | None = None, *, decided: bool = False
    ) -> bool:
        """Publishes a held entry as `event`, with the subject, ward and time of recording that it
        has got since.

        False when it is not held any more.
        """

    async def page(self, after: str, limit: int, since: datetime | None = None) -> list[Stored]:
        """Entries by id, recorded from `since` on; those that are held are left out."""
