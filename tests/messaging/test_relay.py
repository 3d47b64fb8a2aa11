"""The relay on twins: what is published, recorded, repeated, stated, and kept from whom."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import timedelta

import orjson
import pytest
from prometheus_client import REGISTRY

from services.messaging import metrics
from services.messaging.broker import Outgoing
from services.messaging.log.completeness import PUBLISHERS, Statement, Tally, statement_in
from services.messaging.log.stored import Stored
from services.messaging.relay.packing import Private
from services.messaging.relay.parts import (
    Confidential,
    RelayOptions,
    RelayParts,
    nothing_confidential,
)
from services.messaging.relay.readers import OTHERS
from services.messaging.relay.relay import Relay
from services.messaging.topology import (
    EVENTS,
    NOTIFY_CONTACTS,
    NOTIFY_EVENTS,
    Binding,
    partition_of,
    partition_queue,
)
from services.platform.clock import utc_now
from services.platform.personal_data.contact_wire import CONTACT_SHARED
from tests.eventually import eventually
from tests.messaging.entries import WARD, assisted, entry, visited
from tests.twins.broker import BrokerTwin, QueueTwin
from tests.twins.event_log import EventLogTwin
from tests.twins.lease import LeaseTwin
from tests.twins.outbox import OutboxTwin

QUICK = RelayOptions(poll_s=0.005, heartbeat_s=0.01, lease_retry_s=0.005, backoff_s=0.005)
SILENT = replace(QUICK, heartbeat_s=60)
P = partition_of(WARD, 4)
QUEUE = partition_queue(P)
ELSEWHERE = "27343"
"""A ward of another partition."""


@dataclass
class Twins:
    """A log, what waits in it, and a broker."""

    log: EventLogTwin = field(default_factory=EventLogTwin)
    broker: BrokerTwin = field(default_factory=BrokerTwin)
    lease: LeaseTwin = field(default_factory=LeaseTwin)

    def __post_init__(self) -> None:
        self.outbox = OutboxTwin(self.log)

    async def pending(self) -> list[str]:
        return [stored.event_id for stored in await self.outbox.pending(1_000)]

    async def owed(self, reader: str) -> list[str]:
        return [stored.event_id for stored in await self.outbox.owed(reader, 1_000)]

    async def nothing_waits(self) -> None:
        async def none_left() -> bool:
            return not await self.pending() and not await self.outbox.owing()

        await eventually(none_left)

    def ids_in(self, queue: str) -> list[str]:
        return [e["id"] for d in self.broker.queues[queue].ready for e in orjson.loads(d.body)]

    def stated(self, partition: int) -> list[Statement]:
        """What the partition's queue was told, oldest first."""
        ready = self.broker.queues[partition_queue(partition)].ready
        found = (statement_in(d.app_id, d.headers) for d in ready if d.type == "heartbeat")
        return [statement for statement in found if statement]


@pytest.fixture
def twins() -> Twins:
    return Twins()


@asynccontextmanager
async def relaying(
    twins: Twins, options: RelayOptions = QUICK, confidential: Confidential = nothing_confidential
) -> AsyncIterator[None]:
    parts = RelayParts(
        twins.outbox,
        twins.broker,
        app_id="registration",
        partitions=4,
        confidential=confidential,
        options=options,
    )
    task = asyncio.create_task(Relay(parts, twins.lease, twins.log.appended).run())
    try:
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


def measured(name: str, **labels: str) -> float:
    """What an operator would read of registration's relay."""
    return REGISTRY.get_sample_value(name, {"app": "registration", **labels}) or 0.0


def refused(reader: str) -> float:
    return measured("relay_publish_failures_total", reader=reader, reason="Refused")


def ids_to_others(messages: Sequence[Outgoing]) -> list[str]:
    return [e["id"] for m in messages if m.exchange == EVENTS for e in orjson.loads(m.body)]


async def test_every_appended_event_reaches_each_of_its_readers_once(twins: Twins) -> None:
    helped, met = [assisted() for _ in range(150)], [visited() for _ in range(30)]

    async with relaying(twins):
        await twins.log.append_all([entry(e) for e in helped + met])
        await twins.nothing_waits()

    assert sorted(twins.ids_in(QUEUE)) == sorted(e.id for e in helped + met)
    assert sorted(twins.ids_in(NOTIFY_EVENTS)) == sorted(e.id for e in helped)
    assert sorted(ids_to_others(twins.broker.published)) == sorted(e.id for e in helped + met)


async def test_held_event_is_never_published(twins: Twins) -> None:
    held, free = assisted(), assisted()
    await twins.log.append(entry(held, published=False))

    async with relaying(twins):
        await twins.log.append(entry(free))
        await twins.nothing_waits()

    assert twins.ids_in(QUEUE) == [free.id]


async def test_with_the_broker_down_events_wait_and_then_go(twins: Twins) -> None:
    twins.broker.down = True
    event = assisted()

    async with relaying(twins):
        await twins.log.append(entry(event))
        waiting = await twins.pending()
        twins.broker.down = False
        await twins.nothing_waits()

    assert waiting == [event.id]
    assert twins.ids_in(QUEUE) == [event.id]


async def test_with_the_database_down_the_relay_comes_back(twins: Twins) -> None:
    event = assisted()
    await twins.log.append(entry(event))
    twins.log.down = True

    async with relaying(twins):
        await asyncio.sleep(0)
        twins.log.down = False
        await twins.nothing_waits()

    assert twins.ids_in(QUEUE) == [event.id]


@pytest.mark.parametrize("reader", [QUEUE, NOTIFY_EVENTS])
@pytest.mark.parametrize("trouble", ["full", "missing"])
async def test_what_one_reader_cannot_take_waits_for_that_one_alone(
    trouble: str, reader: str, twins: Twins
) -> None:
    other = QUEUE if reader == NOTIFY_EVENTS else NOTIFY_EVENTS
    gone = twins.broker.queues[reader]
    if trouble == "missing":
        del twins.broker.queues[reader]
    gone.limit = 0
    first, second = assisted(), assisted()

    async with relaying(twins):
        await twins.log.append(entry(first))
        await eventually(lambda: twins.ids_in(other) == [first.id])
        await twins.log.append(entry(second))
        await eventually(lambda: twins.ids_in(other) == [first.id, second.id])
        await eventually(lambda: measured("relay_owed", reader=reader) == 2)
        waiting, owed = await twins.pending(), await twins.owed(reader)
        gone.limit = None
        twins.broker.queues[reader] = gone
        await twins.nothing_waits()

    assert waiting == []
    assert sorted(owed) == sorted([first.id, second.id])
    assert sorted(twins.ids_in(reader)) == sorted([first.id, second.id])
    assert twins.ids_in(other) == [first.id, second.id]


async def test_thousands_that_one_partition_cannot_take_do_not_hold_up_another(
    twins: Twins,
) -> None:
    twins.broker.queues[QUEUE].limit = 0
    stuck = [visited() for _ in range(2_500)]
    await twins.log.append_all([entry(event) for event in stuck])
    sound = visited(ward=ELSEWHERE)

    async with relaying(twins):
        await twins.log.append(entry(sound))
        await eventually(lambda: twins.ids_in(partition_queue(partition_of(ELSEWHERE, 4))))
        await eventually(lambda: measured("relay_owed", reader=QUEUE) == len(stuck))
        twins.broker.queues[QUEUE].limit = None
        await twins.nothing_waits()

    assert Counter(twins.ids_in(QUEUE)) == Counter(event.id for event in stuck)


async def test_what_an_earlier_term_owed_is_made_up_for(twins: Twins) -> None:
    event = assisted()
    twins.broker.queues[NOTIFY_EVENTS].limit = 0
    async with relaying(twins):
        await twins.log.append(entry(event))
        await eventually(lambda: measured("relay_owed", reader=NOTIFY_EVENTS) == 1)
    twins.broker.queues[NOTIFY_EVENTS].limit = None

    async with relaying(twins):
        await twins.nothing_waits()

    assert twins.ids_in(NOTIFY_EVENTS) == [event.id]


async def test_full_queue_of_others_holds_up_nobody_and_is_seen(twins: Twins) -> None:
    foreign = QueueTwin(bound=(Binding(EVENTS, "#"),), limit=1)
    twins.broker.queues["foreign"] = foreign
    before = refused(OTHERS)
    events = [visited() for _ in range(5)]

    async with relaying(twins, options=SILENT):
        for event in events:
            await twins.log.append(entry(event))
            await twins.nothing_waits()

    assert sorted(twins.ids_in(QUEUE)) == sorted(event.id for event in events)
    assert refused(OTHERS) > before


async def test_full_queue_shows_also_while_nothing_but_heartbeats_is_sent(twins: Twins) -> None:
    twins.broker.queues["reporting.p2"].limit = 0
    before = refused("reporting.p2")

    async with relaying(twins):
        await eventually(lambda: refused("reporting.p2") > before)


@pytest.mark.parametrize("trouble", ["down", "full"])
async def test_age_of_what_waits_shows_while_the_broker_takes_nothing(
    trouble: str, twins: Twins
) -> None:
    name = {"down": "relay_oldest_pending_seconds", "full": "relay_oldest_owed_seconds"}[trouble]
    labels = {"reader": QUEUE} if trouble == "full" else {}
    metrics.OLDEST_PENDING.labels("registration").set(0)
    await twins.log.append(entry(assisted()))
    twins.broker.down = trouble == "down"
    for queue in twins.broker.queues.values():
        queue.limit = 0
    an_hour_later = replace(QUICK, clock=lambda: utc_now() + timedelta(hours=1))

    async with relaying(twins, options=an_hour_later):
        await eventually(lambda: measured(name, **labels) >= 3_600)


async def test_earlier_term_only_duplicates(twins: Twins) -> None:
    events = [assisted() for _ in range(40)]
    await twins.log.append_all([entry(e) for e in events])

    async with relaying(twins):
        twins.lease.term = 2
        async with relaying(twins):
            await twins.nothing_waits()

    counted = Counter(twins.ids_in(QUEUE))
    assert counted.keys() == {e.id for e in events}
    assert max(counted.values()) <= 2


async def test_relay_without_the_lease_publishes_nothing_until_it_gets_it(twins: Twins) -> None:
    twins.lease.taken = True
    await twins.log.append(entry())

    async with relaying(twins):
        for _ in range(5):
            await asyncio.sleep(0)
        before = list(twins.broker.published)
        twins.lease.taken = False
        await twins.nothing_waits()

    assert before == []


async def test_quiet_partition_hears_that_all_was_published_until_now(twins: Twins) -> None:
    began = utc_now()

    async with relaying(twins):
        await eventually(lambda: all(twins.stated(n) for n in range(4)))

    said = twins.stated(P)[-1]
    assert (said.publisher, said.tally, said.partitions) == ("registration", Tally(), 4)
    assert began <= said.as_of <= utc_now()
    assert said.publisher in PUBLISHERS


async def test_statement_names_all_that_the_partition_was_sent_before_it(twins: Twins) -> None:
    events = [assisted() for _ in range(30)]
    await twins.log.append_all([entry(event) for event in events])

    async with relaying(twins):
        await eventually(lambda: any(said.tally.count for said in twins.stated(P)))

    assert twins.stated(P)[-1].tally == Tally().plus(event.id for event in events)
    assert {said.tally for n in range(4) if n != P for said in twins.stated(n)} <= {Tally()}


async def test_nothing_is_stated_of_a_partition_that_cannot_take_all(twins: Twins) -> None:
    async with relaying(twins):
        await eventually(lambda: twins.stated(P))
        twins.broker.queues[QUEUE].limit = 0
        await twins.log.append(entry(visited()))
        await eventually(lambda: measured("relay_owed", reader=QUEUE) == 1)
        before = twins.stated(P)[-1]
        elsewhere = len(twins.stated((P + 1) % 4))
        await eventually(lambda: len(twins.stated((P + 1) % 4)) > elsewhere + 2)
        during = twins.stated(P)[-1]
        twins.broker.queues[QUEUE].limit = None
        await eventually(lambda: twins.stated(P)[-1].tally.count == 1)

    assert during == before


async def test_clock_that_is_ahead_states_nothing_ahead_of_the_databases(twins: Twins) -> None:
    ahead = replace(QUICK, clock=lambda: utc_now() + timedelta(hours=1))

    async with relaying(twins, options=ahead):
        await eventually(lambda: twins.stated(P))

    assert twins.stated(P)[-1].as_of <= utc_now()


async def test_databases_clock_that_is_ahead_states_nothing_ahead_of_the_relays(
    twins: Twins,
) -> None:
    twins.outbox = OutboxTwin(twins.log, clock=lambda: utc_now() + timedelta(hours=1))

    async with relaying(twins):
        await eventually(lambda: twins.stated(P))

    assert twins.stated(P)[-1].as_of <= utc_now()


async def sealed(entries: Sequence[Stored]) -> Sequence[Private]:
    return [Private(e.event_id, CONTACT_SHARED, b"sealed") for e in entries]


async def test_contact_goes_to_notify_alone(twins: Twins) -> None:
    async with relaying(twins, options=SILENT, confidential=sealed):
        await twins.log.append_all([entry(assisted(), contact=b"sealed"), entry()])
        await twins.nothing_waits()

    holding = [
        name for name, q in twins.broker.queues.items() if any(d.body == b"sealed" for d in q.ready)
    ]
    assert holding == [NOTIFY_CONTACTS]


async def test_contact_that_notify_cannot_take_waits_while_its_event_is_reported(
    twins: Twins,
) -> None:
    twins.broker.queues[NOTIFY_CONTACTS].limit = 0
    event = assisted()

    async with relaying(twins, options=SILENT, confidential=sealed):
        await twins.log.append(entry(event, contact=b"sealed"))
        await eventually(lambda: twins.ids_in(QUEUE) == [event.id])
        await eventually(lambda: twins.outbox.owed(NOTIFY_CONTACTS, 1))
        twins.broker.queues[NOTIFY_CONTACTS].limit = None
        await twins.nothing_waits()

    assert [d.body for d in twins.broker.queues[NOTIFY_CONTACTS].ready] == [b"sealed"]
    assert twins.ids_in(QUEUE) == [event.id]


async def test_contact_that_cannot_be_read_now_waits_while_its_event_is_reported(
    twins: Twins,
) -> None:
    failures = iter([LookupError(), LookupError()])

    async def confidential(entries: Sequence[Stored]) -> Sequence[Private]:
        if failure := next(failures, None):
            raise failure
        return await sealed(entries)

    event = assisted()
    async with relaying(twins, options=SILENT, confidential=confidential):
        await twins.log.append(entry(event, contact=b"sealed"))
        await twins.nothing_waits()

    assert twins.ids_in(QUEUE) == [event.id]
    assert len(twins.broker.queues[NOTIFY_CONTACTS].ready) == 1
