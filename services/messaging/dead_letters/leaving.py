"""How reporting is told that an operator goes on without an event for good."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pydantic import TypeAdapter

from services.messaging.broker import Outgoing
from services.messaging.topology import READERS, partition_queue

EVENT_LEFT = "event.left"
OPERATOR = "operator"


@dataclass(frozen=True, slots=True)
class Leaving:
    """An event that will not come any more, and who says so why."""

    id: str
    ward: str
    type: str
    source: str
    reason: str
    by: str
    at: datetime


_ONE = TypeAdapter(Leaving)
_MANY = TypeAdapter(list[Leaving])


def leaving_of(element: Mapping[str, Any]) -> Leaving:
    """One element of a message. Raises: ValueError."""
    return _ONE.validate_python(element)


def announcement(leavings: Sequence[Leaving], partition: int, message_id: str) -> Outgoing:
    """What tells the partition's reader."""
    return Outgoing(
        READERS,
        partition_queue(partition),
        _MANY.dump_json(list(leavings)),
        message_id=message_id,
        type=EVENT_LEFT,
        app_id=OPERATOR,
        headers={"count": len(leavings)},
    )
