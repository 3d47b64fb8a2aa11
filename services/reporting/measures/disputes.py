"""What citizens disputed, and what asking found."""

from collections.abc import Sequence
from typing import cast

from services.events.answers import AssistanceDisputed
from services.events.disputes import DisputeResolved
from services.reporting.measure import Fact, Measure, Point


def disputed_event(fact: Fact) -> str:
    """Judged together: all that was said of one disputed event."""
    return cast(AssistanceDisputed | DisputeResolved, fact.event).data.event_id


def _first_dispute(history: Sequence[Fact]) -> list[Point]:
    """Once an event, on the day of its first dispute; `found` is empty until it is resolved."""
    found = [f.event.data.outcome for f in history if isinstance(f.event, DisputeResolved)]
    disputes = [
        Point(f.day, (f.event.data.kind, found[-1] if found else ""))
        for f in history
        if isinstance(f.event, AssistanceDisputed)
    ]
    return disputes[:1]


DISPUTES = Measure(
    "disputes",
    ("dispute", "found"),
    (AssistanceDisputed, DisputeResolved),
    disputed_event,
    _first_dispute,
)

MEASURES = (DISPUTES,)
