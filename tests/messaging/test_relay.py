"""The relay on twins: what is published, marked, repeated, and kept from whom."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import replace
from datetime import timedelta

import orjson
import pytest
from prometheus_client import REGISTRY

from services.messaging import metrics
from services.messaging.broker import Outgoing
from services.messaging.packing import Private
from services.messaging.relay import Confidential, Pace, Relay, nothing_confidential
from services.messaging.stored import Stored
from services.messaging.topology import PRIVATE
from services.platform.clock import utc_now
from services.platform.contact_wire import CONTACT_SHARED
from tests.eventually import eventually
from tests.messaging.entries import assisted, entry, visited
from tests.twins.broker import BrokerTwin
from tests.twins.event_log import EventLogTwin
from tests.twins.lease import LeaseTwin

QUICK = Pace(poll_s=0.005, heartbeat_s=0.01, lease_retry_s=0.005, backoff_s=0.005)
SILENT = Pace(poll_s=0.005, heartbeat_s=60, lease_retry_s=0.005, backoff_s=0.005)


@pytest.fixture
def log() -> EventLogTwin:
    return EventLogTwin()


@pytest.fixture
def broker() -> BrokerTwin:
    return BrokerTwin()


@asynccontextmanager
async def relaying(
    log: EventLogTwin,
    broker: BrokerTwin,
    lease: LeaseTwin | None = None,
    pace: Pace = QUICK,
    confidential: Confidential = nothing_confidential,
) -> AsyncIterator[None]:
    relay = Relay(
        log,
        broker,
        lease or LeaseTwin(),
        app_id="registration",
        partitions=4,
        confidential=confidential,
        pace=pace,
    )
    task = asyncio.create_task(relay.run())
    try:
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


def measured(name: str, **labels: str) -> float:
    """What an operator would read of registration's relay."""
    return REGISTRY.get_sample_value(name, {"app": "registration", **labels}) or 0.0


def ids_in(messages: Sequence[Outgoing]) -> list[str]:
    return [e["id"] for m in messages if m.exchange != PRIVATE for e in orjson.loads(m.body)]


async def everything_published(log: EventLogTwin) -> None:
    async def none_left() -> bool:
        return (await log.backlog()).count == 0

    await eventually(none_left)


async def test_every_appended_event_is_published_once(
    log: EventLogTwin, broker: BrokerTwin
) -> None:
    events = [assisted() for _ in range(150)] + [visited() for _ in range(30)]

    async with relaying(log, broker):
        await log.append_all([entry(e) for e in events])
        await everything_published(log)

    assert sorted(ids_in(broker.published)) == sorted(e.id for e in events)


async def test_held_event_is_never_published(log: EventLogTwin, broker: BrokerTwin) -> None:
    held, free = assisted(), assisted()
    await log.append(entry(held, published=False))

    async with relaying(log, broker):
        await log.append(entry(free))
        await everything_published(log)

    assert ids_in(broker.published) == [free.id]


async def test_with_the_broker_down_events_wait_and_then_go(
    log: EventLogTwin, broker: BrokerTwin
) -> None:
    broker.down = True
    event = assisted()

    async with relaying(log, broker):
        await log.append(entry(event))
        waiting = (await log.backlog()).count
        broker.down = False
        await everything_published(log)

    assert waiting == 1
    assert ids_in(broker.published) == [event.id]


async def test_with_the_database_down_the_relay_comes_back(
    log: EventLogTwin, broker: BrokerTwin
) -> None:
    event = assisted()
    await log.append(entry(event))
    log.down = True

    async with relaying(log, broker):
        await asyncio.sleep(0)
        log.down = False
        await everything_published(log)

    assert ids_in(broker.published) == [event.id]


async def test_event_that_no_queue_takes_waits_while_others_go(
    log: EventLogTwin, broker: BrokerTwin
) -> None:
    stuck, sound = assisted(), assisted(ward="27343")
    await log.append_all([entry(stuck), entry(sound)])
    [blocked] = [s.partition for s in await log.pending(2) if s.event_id == stuck.id]
    for name in (f"reporting.p{blocked}", "notify.events"):
        broker.queues[name].bound = ()

    async with relaying(log, broker, pace=SILENT):
        await eventually(lambda: sound.id in ids_in(broker.published))
        waiting = [s.event_id for s in await log.pending(2)]

    assert waiting == [stuck.id]


async def test_what_a_full_queue_refuses_is_counted(log: EventLogTwin, broker: BrokerTwin) -> None:
    broker.queues["notify.events"].limit = 0
    before = measured("relay_publish_failures_total", reason="Refused")

    async with relaying(log, broker, pace=SILENT):
        await log.append(entry(assisted()))
        await eventually(
            lambda: measured("relay_publish_failures_total", reason="Refused") > before
        )


async def test_full_queue_shows_also_while_nothing_but_heartbeats_is_sent(
    log: EventLogTwin, broker: BrokerTwin
) -> None:
    broker.queues["reporting.p2"].limit = 0
    before = measured("relay_publish_failures_total", reason="Refused")

    async with relaying(log, broker):
        await eventually(
            lambda: measured("relay_publish_failures_total", reason="Refused") > before
        )


@pytest.mark.parametrize("trouble", ["down", "full"])
async def test_age_of_what_waits_shows_while_the_broker_takes_nothing(
    trouble: str, log: EventLogTwin, broker: BrokerTwin
) -> None:
    metrics.OLDEST_PENDING.labels("registration").set(0)
    await log.append(entry(assisted()))
    broker.down = trouble == "down"
    for queue in broker.queues.values():
        queue.limit = 0
    an_hour_later = replace(QUICK, clock=lambda: utc_now() + timedelta(hours=1))

    async with relaying(log, broker, pace=an_hour_later):
        await eventually(lambda: measured("relay_oldest_pending_seconds") >= 3_600)
        waiting = measured("relay_pending")

    assert waiting == 1


async def test_two_relays_only_duplicate(log: EventLogTwin, broker: BrokerTwin) -> None:
    events = [assisted() for _ in range(40)]
    await log.append_all([entry(e) for e in events])

    async with relaying(log, broker), relaying(log, broker):
        await everything_published(log)

    counted = Counter(ids_in(broker.published))
    assert counted.keys() == {e.id for e in events}
    assert max(counted.values()) <= 2


async def test_relay_without_the_lease_publishes_nothing_until_it_gets_it(
    log: EventLogTwin, broker: BrokerTwin
) -> None:
    lease = LeaseTwin()
    lease.taken = True
    await log.append(entry())

    async with relaying(log, broker, lease):
        for _ in range(5):
            await asyncio.sleep(0)
        before = list(broker.published)
        lease.taken = False
        await everything_published(log)

    assert before == []


async def test_quiet_partition_hears_heartbeats(log: EventLogTwin, broker: BrokerTwin) -> None:
    async with relaying(log, broker):
        await eventually(lambda: len(broker.published) >= 8)

    beats = Counter(m.routing_key for m in broker.published)
    assert beats.keys() == {f"heartbeat.p{n}" for n in range(4)}
    assert all("oldest_pending" in m.headers and m.body == b"[]" for m in broker.published)


async def test_contact_goes_to_notify_alone(log: EventLogTwin, broker: BrokerTwin) -> None:
    event = assisted()

    async def confidential(entries: Sequence[Stored]) -> Sequence[Private]:
        return [Private(e.event_id, CONTACT_SHARED, e.contact or b"") for e in entries]

    async with relaying(log, broker, pace=SILENT, confidential=confidential):
        await log.append_all([entry(event, contact=b"sealed"), entry()])
        await everything_published(log)

    holding = [
        name for name, q in broker.queues.items() if any(d.body == b"sealed" for d in q.ready)
    ]
    assert holding == ["notify.contacts"]
    assert not any(b"sealed" in m.body for m in broker.published if m.exchange != PRIVATE)


async def test_event_waits_until_its_contact_is_confirmed(
    log: EventLogTwin, broker: BrokerTwin
) -> None:
    broker.queues["notify.contacts"].bound = ()
    event = assisted()

    async def confidential(entries: Sequence[Stored]) -> Sequence[Private]:
        return [Private(e.event_id, CONTACT_SHARED, b"sealed") for e in entries]

    async with relaying(log, broker, pace=SILENT, confidential=confidential):
        await log.append(entry(event, contact=b"sealed"))
        await eventually(lambda: len(ids_in(broker.published)) >= 2)

    assert [s.event_id for s in await log.pending(5)] == [event.id]
