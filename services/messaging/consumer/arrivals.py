"""What comes to a partition's queue: events, what their logs say of themselves, what is left."""

from services.events.envelope import Event
from services.events.registry import parse
from services.messaging.broker import Delivery
from services.messaging.consumer.decoding import Decoded, decode
from services.messaging.dead_letters.leaving import EVENT_LEFT, Leaving, leaving_of
from services.messaging.dead_letters.letters import Unreadable
from services.messaging.log.completeness import PUBLISHERS, Statement, statement_in
from services.messaging.relay.packing import HEARTBEAT
from services.messaging.topology import partition_of, partition_queue

Arrival = Event | Statement | Leaving


def read_arrivals(delivery: Delivery) -> Decoded[Arrival]:
    """In their order. Events that no log vouches for are set aside: counted, they would be in
    figures that no log can make again."""
    if delivery.type == HEARTBEAT:
        statement = statement_in(delivery.app_id, delivery.headers)
        return Decoded([statement], [None]) if statement else Decoded()
    if delivery.type == EVENT_LEFT:
        return decode(delivery, leaving_of)
    if delivery.app_id not in PUBLISHERS:
        return Decoded(unreadable=[Unreadable(delivery, None, "unknown_publisher")])
    return decode(delivery, parse)


class HomeQueue:
    """The queue whose reader is the only writer of a ward."""

    def __init__(self, partitions: int) -> None:
        self._partitions = partitions

    def __call__(self, arrival: Arrival) -> str | None:
        """None: it belongs wherever it arrived."""
        if isinstance(arrival, Statement):
            return None
        return partition_queue(partition_of(arrival.ward, self._partitions))
