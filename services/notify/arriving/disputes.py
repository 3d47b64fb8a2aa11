"""What a ward found out about a dispute, for the citizen who disputed by SMS."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from services.events.codes import DisputeOutcome
from services.events.disputes import DisputeResolved
from services.notify.notification.notification import Answer, Notification
from services.notify.notification.occasions import About, EventRow, Occasion, OccasionKind

EXPIRY = timedelta(days=7)
_ANSWERED = frozenset({DisputeOutcome.CONFIRMED, DisputeOutcome.VOIDED})
"""A number that is somebody else's is written to no more."""


def outcome_row(
    event: DisputeResolved, telling: Iterable[Notification], heard_at: datetime
) -> EventRow | None:
    """What is told of a resolution; None where nobody disputed that event by SMS."""
    disputed = [n for n in telling if n.about is About.VISIT and n.answer is Answer.WRONG]
    if not disputed or event.data.outcome not in _ANSWERED:
        return None
    recorded_at = event.recordedtime or event.time
    occasion = Occasion(
        event_id=event.id,
        citizen_id=disputed[0].recipient_id,
        kind=OccasionKind.DISPUTE_RESOLVED,
        ward=event.ward,
        at=disputed[0].main_occasion.at,
        recorded_at=recorded_at,
        until=recorded_at + EXPIRY,
        about=About.OUTCOME,
        detail=event.data.outcome.value,
    )
    return EventRow(event.id, seen=True, occasion=occasion, heard_at=heard_at)
