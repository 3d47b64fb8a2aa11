"""Whether a reader has all that a log holds: how many events, and which. Pure.

A relay says of its log and a partition: so many appends, with ids that sum up to this, are all
that was appended until then. A reader that has just as many, with the same sum, lacks none. The
order in which they came, and how often, decides nothing (decision 0016).
"""

import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from services.events.envelope import Event

REGISTRATION = "registration"
NOTIFY = "notify"
PUBLISHERS = (REGISTRATION, NOTIFY)
"""The logs whose events are counted; what anybody else publishes proves nothing."""
_OF_NOTIFY = "/notify"


@dataclass(frozen=True, slots=True)
class Tally:
    """A set of events by two numbers: equal ones mean equal sets."""

    count: int = 0
    digest: int = 0
    """The sum of the ids' CRC-32: 2 billion events fit in MongoDB's integers."""

    def plus(self, event_ids: Iterable[str]) -> "Tally":
        """With these events, none of which it holds yet."""
        ids = list(event_ids)
        return Tally(self.count + len(ids), self.digest + sum(zlib.crc32(i.encode()) for i in ids))


@dataclass(frozen=True, slots=True)
class Statement:
    """What a relay says of its log in one partition; it travels in a heartbeat's headers."""

    publisher: str
    tally: Tally
    """Of all that was published to the partition's queue until now."""
    as_of: datetime
    """All that was appended before this instant is among them. Not ahead of the relay's clock,
    nor of its database's."""
    partitions: int
    """Into how many the log was divided; a statement about another division proves nothing."""

    def headers(self) -> dict[str, str | int]:
        """As a message carries it."""
        return {
            "appends": self.tally.count,
            "digest": self.tally.digest,
            "as_of": self.as_of.isoformat(),
            "partitions": self.partitions,
        }


def statement_in(app_id: str, headers: Mapping[str, Any]) -> Statement | None:
    """The statement of a message; None where it makes none, or is nobody's who may."""
    numbers = [headers.get(name) for name in ("appends", "digest", "partitions")]
    as_of = _instant(headers.get("as_of"))
    if app_id not in PUBLISHERS or as_of is None or not all(isinstance(n, int) for n in numbers):
        return None
    count, digest, partitions = (int(number or 0) for number in numbers)
    return Statement(app_id, Tally(count, digest), as_of, partitions)


def log_of(event: Event) -> str:
    """The publisher in whose log an event stands: each keeps what it recorded itself."""
    return log_of_source(event.source)


def log_of_source(source: str) -> str:
    """The same by the event's source."""
    return NOTIFY if source == _OF_NOTIFY else REGISTRATION


def _instant(header: object) -> datetime | None:
    try:
        instant = datetime.fromisoformat(str(header))
    except ValueError:
        return None
    return instant if instant.tzinfo else None
