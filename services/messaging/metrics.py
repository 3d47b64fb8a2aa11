"""What an operator sees of an event's travel."""

from collections.abc import Iterable

from prometheus_client import Counter, Gauge, Histogram

APPENDED = Counter("event_log_appended", "Entries by the log's answer", ("result",))
GROUP_SIZE = Histogram(
    "event_log_group_size",
    "Entries that shared one write",
    buckets=(1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000),
)
PENDING = Gauge("relay_pending", "Entries that wait to be published", ("app",))
OLDEST_PENDING = Gauge(
    "relay_oldest_pending_seconds", "Age of the oldest entry that waits", ("app",)
)
ACTIVE = Gauge("relay_active", "1 where this process holds the relay's lease", ("app",))
PUBLISHED = Counter("relay_published", "Events confirmed by the broker", ("app",))
PUBLISH_FAILURES = Counter(
    "relay_publish_failures",
    "Messages not confirmed; Refused: by a full queue; Unroutable: its queue is missing",
    ("app", "reader", "reason"),
)
OWED = Gauge("relay_owed", "Entries that a reader alone has still to take", ("app", "reader"))
OLDEST_OWED = Gauge("relay_oldest_owed_seconds", "Age of the oldest of these", ("app", "reader"))
CONSUMED = Counter("consumer_events", "Events handled and acknowledged", ("queue",))
CONSUMER_FAILURES = Counter(
    "consumer_failures", "Batches that failed, to be tried again whole or in part", ("queue",)
)
DEAD_LETTERED = Counter("dead_lettered", "Letters set aside by a consumer", ("queue", "reason"))
DEAD_LETTERS_DEPTH = Gauge(
    "dead_letters_depth", "Letters that wait for an operator; NaN: not known", ("queue",)
)
_REASONS = (
    "invalid",
    "not_an_array",
    "not_an_object",
    "not_handled",
    "not_json",
    "other_type",
    "unknown_publisher",
    "unknown_type",
)


_UNPUBLISHED = ("Refused", "Unconfirmed", "Unroutable")


def begin_publishing_at_zero(app: str, readers: Iterable[str]) -> None:
    """So that the first failure is seen to grow."""
    for reader in readers:
        for reason in _UNPUBLISHED:
            PUBLISH_FAILURES.labels(app, reader, reason)


def begin_at_zero(queue: str) -> None:
    """The same for one that consumes."""
    CONSUMER_FAILURES.labels(queue)
    for reason in _REASONS:
        DEAD_LETTERED.labels(queue, reason)
