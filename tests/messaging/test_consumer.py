"""The consumer on twins: what is handled, what comes again, what is set aside."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager, suppress

import orjson
import pytest
from prometheus_client import REGISTRY

from services.events.envelope import Event
from services.events.registry import encode
from services.messaging.broker import Outgoing
from services.messaging.consumer.consumer import ConsumerOptions, PartitionConsumer
from services.messaging.consumer.decoding import decode_events
from services.messaging.dead_letters.letters import burial
from services.messaging.topology import EVENTS_DEAD_LETTERS, READERS, partition_queue
from tests.eventually import eventually
from tests.messaging.broker_contract import publish
from tests.messaging.entries import assisted
from tests.twins.broker import BrokerTwin

QUEUE = partition_queue(0)


class Handler:
    """Keeps each batch; fails as often as it is told, and always for what it cannot bear."""

    def __init__(self) -> None:
        self.batches: list[list[Event]] = []
        self.failures = 0
        self.error: type[Exception] = ConnectionError
        self.cannot_bear: set[str] = set()

    async def __call__(self, events: Sequence[Event]) -> None:
        await asyncio.sleep(0)
        if self.failures:
            self.failures -= 1
            raise self.error
        if self.cannot_bear & {event.id for event in events}:
            raise ZeroDivisionError
        if events:
            self.batches.append(list(events))

    @property
    def handled(self) -> list[str]:
        return [event.id for batch in self.batches for event in batch]


@pytest.fixture
def broker() -> BrokerTwin:
    return BrokerTwin()


@pytest.fixture
def handler() -> Handler:
    return Handler()


@asynccontextmanager
async def consuming(
    broker: BrokerTwin,
    handler: Handler,
    max_events: int = 2_000,
    home: Callable[[Event], str | None] = lambda _: None,
) -> AsyncIterator[PartitionConsumer[Event]]:
    consumer = PartitionConsumer(
        broker,
        QUEUE,
        handler,
        read=decode_events,
        bury=burial(broker),
        home=home,
        options=ConsumerOptions(max_events, backoff_s=0.00002),
    )
    task = asyncio.create_task(consumer.run())
    try:
        yield consumer
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


def holding(*bodies: bytes, message_id: str = "m") -> Outgoing:
    return Outgoing(
        READERS,
        QUEUE,
        b"[" + b",".join(bodies) + b"]",
        message_id,
        "citizen.assisted.v1",
        "registration",
        {"count": len(bodies)},
    )


def gauge(name: str, **labels: str) -> float | None:
    """What a metric shows."""
    return REGISTRY.get_sample_value(name, labels)


def failed() -> float:
    """How often a batch of the queue has failed."""
    return gauge("consumer_failures_total", queue=QUEUE) or 0


def left(broker: BrokerTwin, queue: str = QUEUE) -> int:
    """Messages that come to the next consumer."""
    return len(broker.queues[queue].ready)


async def test_messages_that_wait_are_handled_as_one_batch(
    broker: BrokerTwin, handler: Handler
) -> None:
    events = [assisted() for _ in range(6)]
    messages = [holding(*map(encode, events[n : n + 2]), message_id=f"m{n}") for n in (0, 2, 4)]
    await publish(broker, *messages)

    async with consuming(broker, handler, max_events=4):
        await eventually(lambda: len(handler.handled) == 6)

    assert [[e.id for e in batch] for batch in handler.batches] == [
        [e.id for e in events[:4]],
        [e.id for e in events[4:]],
    ]
    assert left(broker) == 0


@pytest.mark.parametrize("error", [ConnectionError, ZeroDivisionError])
async def test_batch_that_fails_for_a_while_is_handled_and_nothing_is_set_aside(
    broker: BrokerTwin, handler: Handler, error: type[Exception]
) -> None:
    """Also where the error looks like the events' own: not even an empty batch goes well."""
    events = [assisted() for _ in range(250)]
    handler.failures, handler.error = 101, error
    await publish(broker, *(holding(encode(e), message_id=e.id) for e in events))

    async with consuming(broker, handler):
        await eventually(lambda: len(handler.handled) == 250)

    assert handler.handled == [event.id for event in events]
    assert (left(broker), left(broker, EVENTS_DEAD_LETTERS)) == (0, 0)


async def test_batch_is_held_in_place_so_that_no_outage_counts_as_a_delivery(
    broker: BrokerTwin, handler: Handler
) -> None:
    handler.failures = 20
    await publish(broker, holding(encode(assisted())))

    async with consuming(broker, handler) as consumer:
        [inbox] = await eventually(lambda: broker.queues[QUEUE].inboxes)
        await eventually(lambda: handler.handled)
        assert broker.queues[QUEUE].inboxes == [inbox]
        assert consumer.connected


async def test_event_that_cannot_be_handled_is_set_aside_alone(
    broker: BrokerTwin, handler: Handler
) -> None:
    events = [assisted() for _ in range(200)]
    handler.cannot_bear = {events[77].id}
    await publish(broker, *(holding(*map(encode, events[n : n + 20])) for n in range(0, 200, 20)))

    async with consuming(broker, handler):
        await eventually(lambda: len(handler.handled) == 199)
        await eventually(lambda: left(broker, EVENTS_DEAD_LETTERS) == 1)

    [letter] = broker.queues[EVENTS_DEAD_LETTERS].ready
    assert [element["id"] for element in orjson.loads(letter.body)] == [events[77].id]
    assert (letter.headers["reason"], letter.headers["queue"]) == ("not_handled", QUEUE)
    assert sorted(handler.handled) == sorted({e.id for e in events} - handler.cannot_bear)
    assert left(broker) == 0


async def test_batch_that_is_too_much_for_a_slow_part_is_handled_in_halves(
    broker: BrokerTwin, handler: Handler
) -> None:
    class Slow(Handler):
        async def __call__(self, events: Sequence[Event]) -> None:
            if len(events) > 3:
                raise TimeoutError
            await super().__call__(events)

    slow, events = Slow(), [assisted() for _ in range(10)]
    await publish(broker, holding(*map(encode, events)))

    async with consuming(broker, slow):
        await eventually(lambda: slow.handled == [event.id for event in events])

    assert left(broker, EVENTS_DEAD_LETTERS) == 0


async def test_event_that_belongs_to_another_queue_is_sent_there_as_it_came(
    broker: BrokerTwin, handler: Handler
) -> None:
    ours, stray = assisted(), assisted()
    other = partition_queue(2)
    await publish(broker, holding(encode(ours), encode(stray), message_id="m-1"))

    async with consuming(broker, handler, home=lambda e: other if e.id == stray.id else QUEUE):
        await eventually(lambda: left(broker, other) == 1)

    [sent] = broker.queues[other].ready
    assert [element["id"] for element in orjson.loads(sent.body)] == [stray.id]
    assert (sent.app_id, sent.type, sent.count) == ("registration", "citizen.assisted.v1", 1)
    assert handler.handled == [ours.id]
    assert left(broker) == 0


async def test_stray_event_is_safe_before_its_message_is_acknowledged(
    broker: BrokerTwin, handler: Handler
) -> None:
    other = partition_queue(2)
    gone = broker.queues.pop(other)
    await publish(broker, holding(encode(assisted())))

    async with consuming(broker, handler, home=lambda _: other) as consumer:
        await eventually(lambda: consumer.connected)
        await asyncio.sleep(0.02)
        assert not broker.queues[QUEUE].ready
        broker.queues[other] = gone
        await eventually(lambda: left(broker, other) == 1)

    assert left(broker) == 0


async def test_nothing_is_acknowledged_before_it_is_handled(
    broker: BrokerTwin, handler: Handler
) -> None:
    handler.failures = 1_000_000
    await publish(broker, holding(encode(assisted())))

    async with consuming(broker, handler):
        await eventually(lambda: handler.failures < 999_999)

    assert left(broker) == 1


async def test_bad_event_is_set_aside_and_the_others_are_handled(
    broker: BrokerTwin, handler: Handler
) -> None:
    sound, bad = assisted(), orjson.dumps({"type": "citizen.assisted.v1", "id": "bad"})
    unknown = orjson.dumps({"type": "citizen.praised.v1", "id": "unknown"})
    await publish(broker, holding(encode(sound), bad, unknown, b"7"))

    async with consuming(broker, handler):
        await eventually(lambda: left(broker, EVENTS_DEAD_LETTERS) == 3)
        await eventually(lambda: handler.handled == [sound.id])

    letters = broker.queues[EVENTS_DEAD_LETTERS].ready
    assert all(letter.count == 1 for letter in letters)
    reasons = [(letter.headers["reason"], letter.headers["queue"]) for letter in letters]
    assert sorted(reasons) == [
        ("invalid", QUEUE),
        ("not_an_object", QUEUE),
        ("unknown_type", QUEUE),
    ]
    assert left(broker) == 0


def junk_letters() -> float | None:
    return gauge("dead_lettered_total", queue=QUEUE, reason="not_an_object")


async def test_junk_message_is_one_letter_however_much_it_holds(
    broker: BrokerTwin, handler: Handler
) -> None:
    junk = Outgoing(READERS, QUEUE, b"[" + b"7," * 40_000 + b"7]", "m", "x", "y")
    async with consuming(broker, handler):
        before = junk_letters()
        await publish(broker, junk)
        await eventually(lambda: junk_letters() != before)

    assert before is not None, "it is there before the first failure"
    assert junk_letters() == before + 1
    assert left(broker, EVENTS_DEAD_LETTERS) == 1


@pytest.mark.parametrize(
    ("body", "reason"), [(b"{", "not_json"), (b"{}", "not_an_array"), (b"[NaN]", "not_json")]
)
async def test_body_that_is_no_array_is_set_aside_whole(
    broker: BrokerTwin, handler: Handler, body: bytes, reason: str
) -> None:
    message = Outgoing(READERS, QUEUE, body, "m-1", "x.y.v1", "registration")
    await publish(broker, message)

    async with consuming(broker, handler):
        await eventually(lambda: left(broker, EVENTS_DEAD_LETTERS) == 1)

    [letter] = broker.queues[EVENTS_DEAD_LETTERS].ready
    assert (letter.body, letter.headers["reason"]) == (body, reason)


async def test_bad_event_is_safe_before_its_message_is_acknowledged(
    broker: BrokerTwin, handler: Handler
) -> None:
    bound, failures = broker.queues[EVENTS_DEAD_LETTERS].bound, failed()
    broker.queues[EVENTS_DEAD_LETTERS].bound = ()
    await publish(broker, holding(b"{}"))

    async with consuming(broker, handler):
        await eventually(lambda: failed() > failures)
        before = left(broker, EVENTS_DEAD_LETTERS)
        broker.queues[EVENTS_DEAD_LETTERS].bound = bound
        await eventually(lambda: left(broker, EVENTS_DEAD_LETTERS) == 1)

    assert before == 0
    assert left(broker) == 0


async def test_consumer_waits_for_a_broker_that_is_down(
    broker: BrokerTwin, handler: Handler
) -> None:
    event = assisted()
    await publish(broker, holding(encode(event)))
    broker.down = True

    async with consuming(broker, handler) as consumer:
        await asyncio.sleep(0)
        down = consumer.connected
        broker.down = False
        await eventually(lambda: handler.handled == [event.id])
        up = consumer.connected

    assert (down, up) == (False, True)
