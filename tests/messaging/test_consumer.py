"""The consumer on twins: what is handled, what comes again, what is set aside."""

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime, timedelta

import orjson
import pytest

from services.events.envelope import Event
from services.events.registry import encode, parse
from services.messaging.broker import Outgoing
from services.messaging.consumer import PartitionConsumer
from services.messaging.dead_letters import burial
from services.messaging.topology import EVENTS_DEAD_LETTERS, READERS, partition_queue
from tests.eventually import eventually
from tests.messaging.broker_contract import publish
from tests.messaging.entries import NOON, assisted
from tests.twins.broker import BrokerTwin

QUEUE = partition_queue(0)


class Handler:
    """Keeps each batch; fails as often as it is told."""

    def __init__(self) -> None:
        self.batches: list[list[Event]] = []
        self.pending: list[Mapping[str, datetime]] = []
        self.failures = 0

    async def __call__(self, events: Sequence[Event], pending: Mapping[str, datetime]) -> None:
        await asyncio.sleep(0)
        if self.failures:
            self.failures -= 1
            raise ConnectionError("no database")
        self.batches.append(list(events))
        self.pending.append(pending)

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
    broker: BrokerTwin, handler: Handler, max_events: int = 2_000
) -> AsyncIterator[PartitionConsumer[Event]]:
    consumer = PartitionConsumer(
        broker,
        QUEUE,
        handler,
        read=parse,
        bury=burial(broker),
        max_events=max_events,
        backoff_s=0.001,
    )
    task = asyncio.create_task(consumer.run())
    try:
        yield consumer
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


def holding(
    *bodies: bytes, message_id: str = "m", app_id: str = "registration", until: datetime = NOON
) -> Outgoing:
    return Outgoing(
        READERS,
        QUEUE,
        b"[" + b",".join(bodies) + b"]",
        message_id,
        "citizen.assisted.v1",
        app_id,
        {"count": len(bodies), "oldest_pending": until.isoformat()},
    )


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


async def test_failed_batch_comes_again(broker: BrokerTwin, handler: Handler) -> None:
    event = assisted()
    handler.failures = 3
    await publish(broker, holding(encode(event)))

    async with consuming(broker, handler):
        await eventually(lambda: handler.handled == [event.id])

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
    reasons = [(letter.headers["reason"], letter.headers["queue"]) for letter in letters]
    assert sorted(reasons) == [
        ("invalid", QUEUE),
        ("not_an_object", QUEUE),
        ("unknown_type", QUEUE),
    ]
    assert left(broker) == 0


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
    bound = broker.queues[EVENTS_DEAD_LETTERS].bound
    broker.queues[EVENTS_DEAD_LETTERS].bound = ()
    await publish(broker, holding(b"{}"))

    async with consuming(broker, handler):
        await eventually(lambda: len(handler.batches) > 1)
        before = left(broker, EVENTS_DEAD_LETTERS)
        broker.queues[EVENTS_DEAD_LETTERS].bound = bound
        await eventually(lambda: left(broker, EVENTS_DEAD_LETTERS) == 1)

    assert before == 0
    assert left(broker) == 0


async def test_handler_hears_how_far_each_publisher_is_complete(
    broker: BrokerTwin, handler: Handler
) -> None:
    later = datetime(2025, 11, 20, 6, tzinfo=UTC)
    await publish(
        broker,
        holding(message_id="m1", until=NOON),
        holding(message_id="m2", until=later),
        holding(message_id="m3", until=NOON - timedelta(hours=1), app_id="notify"),
    )

    async with consuming(broker, handler):
        await eventually(lambda: handler.pending)

    assert handler.pending[0] == {"registration": later, "notify": NOON - timedelta(hours=1)}


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
