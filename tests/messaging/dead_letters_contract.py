"""What an operator does with dead letters: run on the twin and on RabbitMQ."""

import pytest

from services.messaging.broker import Broker, Delivery, Outgoing, Unroutable
from services.messaging.dead_letters import DeadLetters, Unreadable, burial
from services.messaging.topology import EVENTS_DEAD_LETTERS, partition_queue
from tests.messaging.broker_contract import take
from tests.twins.trail import TrailTwin

QUEUE = partition_queue(1)


def unreadable(number: int) -> Unreadable:
    """One bad event of a message."""
    delivery = Delivery(
        tag=1,
        routing_key="citizen.assisted.v1.p1",
        body=b"",
        message_id=f"m-{number}",
        type="citizen.assisted.v1",
        app_id="registration",
        headers={},
    )
    return Unreadable(delivery, [{"id": f"event-{number}"}], "invalid")


class DeadLettersContract:
    """Subclasses give the fixture `broker`."""

    quiet_s: float

    async def test_listed_letters_stay(self, broker: Broker) -> None:
        trail = TrailTwin()
        operator = DeadLetters(broker, trail, by="an operator", quiet_s=self.quiet_s)
        await burial(broker)(QUEUE, [unreadable(1), unreadable(2)])

        first, second = await operator.list(), await operator.list()

        assert [letter.event_ids for letter in first] == [("event-1",), ("event-2",)]
        assert [(first[0].queue, first[0].reason)] == [(QUEUE, "invalid")]
        assert sorted(x.id for x in second) == sorted(x.id for x in first)
        assert [act for act, *_ in trail.acts] == ["listed", "listed"]

    async def test_replayed_letter_returns_to_its_own_queue_alone(self, broker: Broker) -> None:
        trail = TrailTwin()
        operator = DeadLetters(broker, trail, by="an operator", quiet_s=self.quiet_s)
        await burial(broker)(QUEUE, [unreadable(1), unreadable(2)])
        chosen, other = await operator.list()

        await operator.replay([chosen.id])

        assert [letter.id for letter in await operator.list()] == [other.id]
        async with broker.inbox(QUEUE, prefetch=10) as inbox:
            [back] = await take(inbox, 1)
        assert back.body == b'[{"id":"event-1"}]'
        assert (back.type, back.app_id) == ("citizen.assisted.v1", "registration")
        assert ("replayed", "an operator", (chosen.id,)) in trail.acts

    async def test_discarded_letter_leaves_only_its_trace(self, broker: Broker) -> None:
        trail = TrailTwin()
        operator = DeadLetters(broker, trail, by="an operator", quiet_s=self.quiet_s)
        await burial(broker)(QUEUE, [unreadable(1), unreadable(2)])

        gone = await operator.discard()

        assert await operator.list() == []
        assert trail.acts[:2] == [("discarded", "an operator", (g.id,)) for g in gone]

    async def test_letter_that_cannot_return_stays(self, broker: Broker) -> None:
        operator = DeadLetters(broker, TrailTwin(), by="an operator", quiet_s=self.quiet_s)
        async with broker.publisher("test") as publisher:
            await publisher.publish(
                Outgoing(EVENTS_DEAD_LETTERS, "x", b"[]", "m-1", "x", "y", {"queue": "gone"})
            )

        with pytest.raises(Unroutable):
            await operator.replay()

        assert [letter.queue for letter in await operator.list()] == ["gone"]
