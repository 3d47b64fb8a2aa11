"""A reporting database that was lost is filled again from the logs."""

import orjson

from services.messaging.republish import republish
from services.messaging.topology import partition_queue
from tests.messaging.entries import assisted, entry, visited, voided
from tests.twins.broker import BrokerTwin
from tests.twins.event_log import EventLogTwin


async def test_all_but_held_events_go_to_reporting_alone() -> None:
    log, broker = EventLogTwin(), BrokerTwin()
    events = [(assisted, visited)[n % 2](ward=f"2673{n % 9}") for n in range(1_500)]
    await log.append_all([entry(event) for event in events])
    await log.append(entry(voided(events[0]), published=False))
    await log.mark_published([event.id for event in events])

    published = await republish(log, broker, app_id="registration")

    reached = [
        envelope["id"]
        for n in range(4)
        for delivery in broker.queues[partition_queue(n)].ready
        for envelope in orjson.loads(delivery.body)
    ]
    assert published == len(events)
    assert sorted(reached) == sorted(event.id for event in events)
    assert not broker.queues["notify.events"].ready


async def test_what_is_published_again_says_nothing_of_completeness() -> None:
    log, broker = EventLogTwin(), BrokerTwin()
    await log.append(entry())

    await republish(log, broker, app_id="registration")

    [message] = broker.published
    assert message.headers == {"count": 1}
