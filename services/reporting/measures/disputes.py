"""What citizens disputed, and what asking found."""

from collections.abc import Sequence
from typing import cast

from services.events.answers import AssistanceDisputed
from services.events.codes import DisputeKind, DisputeOutcome
from services.events.disputes import DisputeResolved
from services.reporting.definitions.label import Label
from services.reporting.definitions.measure import Fact, Life, Measure, Point

DISPUTE_KIND = Label("dispute_kind", DisputeKind)
DISPUTE_OUTCOME = Label("dispute_outcome", DisputeOutcome)
"""Empty until it is resolved."""


def disputed_event(fact: Fact) -> str:
    """What a dispute or its resolution is about."""
    return cast(AssistanceDisputed | DisputeResolved, fact.event).data.event_id


def _first_dispute(history: Sequence[Fact]) -> list[Point]:
    """Once an event, on the day of its first dispute."""
    found = [f.event.data.outcome for f in history if isinstance(f.event, DisputeResolved)]
    disputes = [
        Point(f.day, (f.event.data.kind, found[-1] if found else ""))
        for f in history
        if isinstance(f.event, AssistanceDisputed)
    ]
    return disputes[:1]


DISPUTED = Life(
    "disputed", (AssistanceDisputed, DisputeResolved), lambda fact: (disputed_event(fact),)
)
"""All that was said of one disputed event."""
DISPUTES = Measure(
    "disputes", (DISPUTE_KIND, DISPUTE_OUTCOME), DISPUTED.on, DISPUTED, _first_dispute
)
