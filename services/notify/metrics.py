"""What notify counts; never a number, a text or a citizen."""

from collections.abc import Iterable
from functools import cache

from prometheus_client import Counter, Gauge, Histogram

from services.events.envelope import Event
from services.events.notifications import Notification, NotificationSent

ANNOUNCED = Counter("notify_notifications", "Notifications by outcome", ("state", "provider"))
SEGMENTS = Counter("notify_segments", "Segments that providers accepted", ("provider",))
SUBMITTED = Counter(
    "notify_submissions", "Attempts by the provider's answer", ("provider", "answer")
)
ROUND = Histogram("notify_round_seconds", "One round of the dispatch that found work")
OVERDUE = Gauge("notify_overdue_seconds", "How long what is due has waited, in whatever part")
ARRIVED = Counter("notify_events", "Events taken from the queue", ("type",))
RECEIPTS = Counter("notify_receipts", "Receipts taken", ("provider", "status"))

REPLIES = Counter("notify_replies", "SMS from citizens", ("provider",))

NEARLY_SPENT = Counter("notify_budgets_nearly_spent", "Budgets that passed four fifths", ("ward",))
PROVIDER_UP = Gauge("notify_provider_up", "1 while SMS may go this way", ("provider",))


_STATES = ("sent", "delivered", "failed", "suppressed", "unconfirmed")


def begin_at_zero(providers: Iterable[str]) -> None:
    """So that the first of each outcome is seen to grow."""
    for provider in ("", *providers):
        for state in _STATES:
            _announced(state, provider)


def count_announced(events: Iterable[Event]) -> None:
    """Once they are durable."""
    for event in events:
        data = event.data
        if not isinstance(data, Notification):
            continue
        state, provider = event.type.split(".")[1], data.provider or ""
        _announced(state, provider).inc()
        if isinstance(event, NotificationSent):
            _segments(provider).inc(data.segments)


def count_submission(provider: str, outcome: object) -> None:
    """One attempt, by the class of its outcome."""
    _submitted(provider, type(outcome).__name__).inc()


@cache
def _announced(state: str, provider: str) -> Counter:
    return ANNOUNCED.labels(state, provider)


@cache
def _segments(provider: str) -> Counter:
    return SEGMENTS.labels(provider)


@cache
def _submitted(provider: str, answer: str) -> Counter:
    return SUBMITTED.labels(provider, answer)
