"""The log as its relay sees it: what waits, for whom, and how much each partition has got."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from services.messaging.log.completeness import Tally
from services.messaging.log.stored import Stored
from services.messaging.relay.readers import Deliveries


@dataclass(frozen=True, slots=True)
class Backlog:
    """What waits, counted to 10,000, and since when."""

    count: int
    oldest: datetime | None


class Superseded(Exception):
    """A later term of the lease has begun: this one records nothing any more."""


class Outbox(Protocol):
    """What a relay asks of a log; MongoDB's and the twin in the tests pass one suite."""

    async def now(self) -> datetime:
        """The database's clock."""

    async def lead(self, term: int) -> None:
        """Ends all earlier terms. Raises: Superseded by a later one."""

    async def count_anew(self, term: int) -> None:
        """Counts what was published before this term, where that is not known: after an upgrade,
        and for another number of partitions. Much to read, while the relay goes on."""

    async def pending(self, limit: int, since: datetime | None = None) -> list[Stored]:
        """What no reader was offered yet, longest waiting first."""

    async def newest_pending(self) -> datetime | None:
        """Since when that waits which waits the shortest."""

    async def owed(self, reader: str, limit: int) -> list[Stored]:
        """What this reader alone could not take, longest waiting first."""

    async def record(self, term: int, done: Deliveries) -> None:
        """Pending entries become published, or owed to those that did not take them.

        At once with the tallies. Raises: Superseded.
        """

    async def settle(self, term: int, reader: str, done: Deliveries) -> None:
        """The same for what was owed to this reader alone. Raises: Superseded."""

    async def tallies(self, term: int) -> Mapping[int, Tally] | None:
        """By partition, what its queue took; None while that is counted. Raises: Superseded."""

    async def owing(self) -> Mapping[str, Backlog]:
        """By reader, what it has still to take; those that owe nothing are left out."""

    async def backlog(self) -> Backlog:
        """What is pending."""
