"""What came of a citizen's dispute once somebody had asked."""

from typing import Literal

from services.events.codes import DisputeOutcome
from services.events.declarations import BY_WARD, Kind, first_of
from services.events.envelope import Data, Event, EventId

DISPUTES = Kind("dispute")


class Resolution(Data):
    """`voided` says what was found; the disputed event is taken back by an `event.voided.v1`."""

    event_id: EventId
    outcome: DisputeOutcome


class DisputeResolved(Event):
    """A ward or the centre looked into it. `subject` is the disputed event, `ward` that event's."""

    about = first_of("event_id")
    scope = BY_WARD
    type: Literal["dispute.resolved.v1"] = "dispute.resolved.v1"
    data: Resolution
