"""What a FastStream subscriber gets of a message, and what is set aside."""

import asyncio
from collections.abc import Sequence

import orjson
import pytest
from faststream import AckPolicy
from faststream.rabbit import RabbitBroker, RabbitMessage, RabbitQueue

from services.events.assistance import CitizenAssisted
from services.events.registry import encode
from services.messaging.amqp import AmqpBroker
from services.messaging.broker import Delivery, Outgoing, Unconfirmed
from services.messaging.consumer.decoding import batch_decoder, decode, events_of_type
from services.messaging.dead_letters.letters import Unreadable, burial
from services.messaging.topology import EVENTS_DEAD_LETTERS, NOTIFY_EVENTS, READERS
from tests.eventually import patience
from tests.messaging.broker_contract import publish, take
from tests.messaging.entries import assisted, visited

TYPE = "citizen.assisted.v1"


def delivery(*bodies: bytes) -> Delivery:
    body = b"[" + b",".join(bodies) + b"]"
    return Delivery(1, f"{TYPE}.p0", body, "m-1", TYPE, "registration", {})


def test_each_element_is_judged_by_itself() -> None:
    first, visit, last = assisted(), visited(), assisted()

    decoded = decode(
        delivery(encode(first), encode(visit), b"{}", encode(last)), events_of_type(TYPE)
    )

    assert decoded.items == [first, last]
    [bad] = decoded.unreadable
    assert (bad.reason, bad.elements) == ("other_type", [orjson.loads(encode(visit)), {}])


def test_value_that_is_wrong_is_named_by_a_code_alone() -> None:
    wrong = encode(assisted()).replace(b'"home"', b'"0900000001"')

    decoded = decode(delivery(wrong), events_of_type(TYPE))

    assert [bad.reason for bad in decoded.unreadable] == ["invalid"]


def test_empty_message_holds_nothing() -> None:
    decoded = decode(delivery(), events_of_type(TYPE))

    assert (decoded.items, decoded.unreadable) == ([], [])


@pytest.mark.parametrize("bad", [0, 1, 2])
async def test_subscriber_gets_the_sound_events_and_the_bad_one_is_buried(
    amqp_broker: AmqpBroker, bad: int
) -> None:
    events = [assisted(), assisted(), assisted()]
    bodies = [encode(event) for event in events]
    bodies[bad] = b'{"id":"bad","type":"citizen.assisted.v1"}'
    got = asyncio.Queue[list[CitizenAssisted]]()
    subscribing = RabbitBroker(amqp_broker.url)

    @subscribing.subscriber(
        RabbitQueue(NOTIFY_EVENTS, declare=False),
        ack_policy=AckPolicy.MANUAL,
        decoder=batch_decoder(NOTIFY_EVENTS, burial(amqp_broker)),
    )
    async def on_citizen_assisted(assisted: list[CitizenAssisted], message: RabbitMessage) -> None:
        await got.put(assisted)
        await message.ack()

    async with subscribing, patience():
        await subscribing.start()
        body = b"[" + b",".join(bodies) + b"]"
        await publish(
            amqp_broker, Outgoing(READERS, NOTIFY_EVENTS, body, "m-1", TYPE, "registration")
        )
        received = await got.get()
        async with amqp_broker.inbox(EVENTS_DEAD_LETTERS, prefetch=1) as inbox:
            [letter] = await take(inbox, 1)

    assert received == [event for n, event in enumerate(events) if n != bad]
    assert letter.headers["reason"] == "invalid"
    assert letter.headers["queue"] == NOTIFY_EVENTS


async def test_delivery_is_held_until_its_bad_event_is_buried(amqp_broker: AmqpBroker) -> None:
    attempts: list[str] = []

    async def bury(queue: str, unreadable: Sequence[Unreadable]) -> None:
        attempts.append(queue)
        if len(attempts) < 3:
            raise Unconfirmed

    handled = asyncio.Event()
    subscribing = RabbitBroker(amqp_broker.url)

    @subscribing.subscriber(
        RabbitQueue(NOTIFY_EVENTS, declare=False),
        ack_policy=AckPolicy.MANUAL,
        decoder=batch_decoder(NOTIFY_EVENTS, bury, retry_s=0.01),
    )
    async def on_citizen_assisted(assisted: list[CitizenAssisted], message: RabbitMessage) -> None:
        handled.set()
        await message.ack()

    async with subscribing, patience():
        await subscribing.start()
        await publish(amqp_broker, Outgoing(READERS, NOTIFY_EVENTS, b"[{}]", "m-1", TYPE, "x"))
        await handled.wait()

    assert len(attempts) == 3
