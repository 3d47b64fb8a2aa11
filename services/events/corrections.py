"""Events about events: taken back by people, or refused by registration."""

from typing import Annotated, Literal

from pydantic import StringConstraints

from services.events.codes import RefusedResult, VoidReason
from services.events.declarations import BY_WARD, OF_ITS_TARGET, first_of
from services.events.envelope import Data, Event, EventId, Id, Source, Text

ProblemCode = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{1,63}$")]
TypeName = Annotated[str, StringConstraints(pattern=r"^[a-z_]+\.[a-z_]+\.v\d+$", max_length=80)]


class Voiding(Data):
    """Registration sets the event's `subject` and `ward` to the target's."""

    event_id: EventId
    target_type: TypeName
    reason: VoidReason
    request_id: Id | None = None


class EventVoided(Event):
    """An event is taken back; two voids of one event count once."""

    scope = OF_ITS_TARGET
    type: Literal["event.voided.v1"] = "event.voided.v1"
    data: Voiding


class Refusal(Data):
    """What a device must still hear about; `target_type` is empty where no known type was named."""

    event_id: EventId
    poster: Source
    target_type: TypeName | None = None
    result: RefusedResult
    code: ProblemCode
    note: Text | None = None


class EventRefused(Event):
    """An event was rejected for good, or had the id of another. Its own id derives from these."""

    about = first_of("event_id")
    scope = BY_WARD
    posted = False
    type: Literal["event.refused.v1"] = "event.refused.v1"
    data: Refusal
