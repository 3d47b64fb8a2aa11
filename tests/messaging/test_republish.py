"""What a broker or a reader has lost is published again from the logs."""

from collections.abc import Sequence
from datetime import timedelta

import orjson
import pytest

from services.messaging.broker import Unroutable
from services.messaging.log.stored import Stored
from services.messaging.relay.packing import Private
from services.messaging.relay.parts import RelayParts
from services.messaging.relay.republish import Reader, republish
from services.messaging.topology import NOTIFY_CONTACTS, NOTIFY_EVENTS, partition_queue
from services.platform.personal_data.contact_wire import CONTACT_SHARED
from tests.messaging.entries import NOON, assisted, entry, visited, voided
from tests.twins.broker import BrokerTwin
from tests.twins.event_log import EventLogTwin
from tests.twins.outbox import OutboxTwin


async def sealed(entries: Sequence[Stored]) -> Sequence[Private]:
    return [Private(e.event_id, CONTACT_SHARED, b"sealed") for e in entries]


def parts(log: EventLogTwin, broker: BrokerTwin) -> RelayParts:
    return RelayParts(
        OutboxTwin(log), broker, app_id="registration", partitions=4, confidential=sealed
    )


def reached(broker: BrokerTwin, *queues: str) -> list[str]:
    return sorted(
        envelope["id"]
        for name in queues
        for delivery in broker.queues[name].ready
        for envelope in orjson.loads(delivery.body)
    )


async def test_all_but_held_events_go_to_reporting_alone() -> None:
    log, broker = EventLogTwin(), BrokerTwin()
    events = [(assisted, visited)[n % 2](ward=f"2673{n % 9}") for n in range(1_500)]
    await log.append_all([entry(event) for event in events])
    await log.append(entry(voided(events[0]), published=False))

    published = await republish(log, parts(log, broker), Reader.REPORTING.queues(4))

    assert published == len(events)
    assert reached(broker, *map(partition_queue, range(4))) == sorted(e.id for e in events)
    assert not broker.queues[NOTIFY_EVENTS].ready


async def test_notify_gets_the_types_it_reads_and_the_contacts() -> None:
    log, broker = EventLogTwin(), BrokerTwin()
    helped, met = assisted(), visited()
    await log.append_all([entry(helped, contact=b"sealed"), entry(met)])

    await republish(log, parts(log, broker), Reader.NOTIFY.queues(4))

    assert reached(broker, NOTIFY_EVENTS) == [helped.id]
    assert [d.body for d in broker.queues[NOTIFY_CONTACTS].ready] == [b"sealed"]
    assert reached(broker, *map(partition_queue, range(4))) == []


async def test_only_what_was_recorded_since_then_is_published_again() -> None:
    log, broker = EventLogTwin(), BrokerTwin()
    late = assisted(recordedtime=NOON + timedelta(hours=2))
    await log.append_all([entry(assisted()), entry(late)])

    since = NOON + timedelta(hours=1)
    await republish(log, parts(log, broker), Reader.REPORTING.queues(4), since=since)

    assert reached(broker, *map(partition_queue, range(4))) == [late.id]


async def test_what_is_published_again_states_nothing_of_completeness() -> None:
    log, broker = EventLogTwin(), BrokerTwin()
    await log.append(entry())

    await republish(log, parts(log, broker), Reader.REPORTING.queues(4))

    [message] = broker.published
    assert not {"appends", "digest", "as_of"} & message.headers.keys()


async def test_republishing_to_a_missing_queue_fails_and_may_be_repeated() -> None:
    log, broker = EventLogTwin(), BrokerTwin()
    await log.append(entry())
    for n in range(4):
        del broker.queues[partition_queue(n)]

    with pytest.raises(Unroutable):
        await republish(log, parts(log, broker), Reader.REPORTING.queues(4))
