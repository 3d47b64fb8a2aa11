"""What every outbox does, MongoDB's and the twin's."""

from collections.abc import Sequence

import pytest

from services.messaging.log.completeness import Tally
from services.messaging.log.event_log import EventLog
from services.messaging.log.stored import Stored
from services.messaging.relay.outbox import Outbox, Superseded
from services.messaging.relay.readers import Deliveries
from services.messaging.topology import NOTIFY_EVENTS, partition_of, partition_queue
from tests.messaging.entries import WARD, assisted, entry, voided

P = partition_of(WARD, 4)
QUEUE = partition_queue(P)


def ids(found: Sequence[Stored]) -> list[str]:
    return [stored.event_id for stored in found]


def taken(*event_ids: str) -> Deliveries:
    """By everybody."""
    return Deliveries({(): event_ids}, {P: Tally().plus(event_ids)})


async def appended(log: EventLog, number: int) -> list[str]:
    events = [assisted() for _ in range(number)]
    for event in events:
        await log.append(entry(event))
    return [event.id for event in events]


class OutboxContract:
    async def test_what_is_appended_waits_until_it_is_recorded_as_published(
        self, log: EventLog, outbox: Outbox
    ) -> None:
        first, second, third = await appended(log, 3)
        await outbox.lead(1)

        before = ids(await outbox.pending(10))
        await outbox.record(1, taken(first, second))

        assert before == [first, second, third]
        assert ids(await outbox.pending(10)) == [third]
        assert (await outbox.backlog()).count == 1

    async def test_what_is_held_waits_for_nobody(self, log: EventLog, outbox: Outbox) -> None:
        await log.append(entry(voided(assisted()), published=False))

        assert await outbox.pending(10) == []
        assert (await outbox.backlog()).oldest is None
        assert await outbox.newest_pending() is None

    async def test_what_waits_is_read_since_an_instant(self, log: EventLog, outbox: Outbox) -> None:
        first, second = await appended(log, 2)
        newest = await outbox.newest_pending()

        assert second in ids(await outbox.pending(10, newest))
        assert ids(await outbox.pending(10)) == [first, second]

    async def test_what_one_reader_did_not_take_is_owed_to_that_one_alone(
        self, log: EventLog, outbox: Outbox
    ) -> None:
        (event_id,) = await appended(log, 1)
        await outbox.lead(1)

        await outbox.record(1, Deliveries({(NOTIFY_EVENTS,): [event_id]}))

        assert await outbox.pending(10) == []
        assert ids(await outbox.owed(NOTIFY_EVENTS, 10)) == [event_id]
        assert await outbox.owed(QUEUE, 10) == []
        assert {r: b.count for r, b in (await outbox.owing()).items()} == {NOTIFY_EVENTS: 1}

    async def test_what_two_readers_did_not_take_is_owed_until_both_have_it(
        self, log: EventLog, outbox: Outbox
    ) -> None:
        (event_id,) = await appended(log, 1)
        await outbox.lead(1)
        await outbox.record(1, Deliveries({(NOTIFY_EVENTS, QUEUE): [event_id]}))

        await outbox.settle(1, QUEUE, taken(event_id))
        still = set(await outbox.owing())
        await outbox.settle(1, NOTIFY_EVENTS, Deliveries({(): [event_id]}))

        assert still == {NOTIFY_EVENTS}
        assert await outbox.owing() == {}

    async def test_partition_has_what_its_queue_took(self, log: EventLog, outbox: Outbox) -> None:
        first, second, third = await appended(log, 3)
        await outbox.lead(1)
        await outbox.count_anew(1)

        await outbox.record(1, taken(first))
        await outbox.record(1, Deliveries({(QUEUE,): [second]}))
        await outbox.settle(1, QUEUE, taken(second))

        tallies = await outbox.tallies(1)
        assert tallies is not None
        assert tallies[P] == Tally().plus([first, second])
        assert third in ids(await outbox.pending(10))

    async def test_what_earlier_terms_published_is_counted_before_anything_is_stated(
        self, log: EventLog, outbox: Outbox
    ) -> None:
        first, second = await appended(log, 2)
        await outbox.lead(1)
        await outbox.record(1, taken(first))
        unknown = await outbox.tallies(1)

        await outbox.lead(2)
        await outbox.count_anew(2)
        await outbox.record(2, taken(second))

        assert unknown is None
        assert (await outbox.tallies(2) or {})[P] == Tally().plus([first, second])

    async def test_earlier_term_records_nothing_any_more(
        self, log: EventLog, outbox: Outbox
    ) -> None:
        (event_id,) = await appended(log, 1)
        await outbox.lead(1)
        await outbox.lead(2)

        with pytest.raises(Superseded):
            await outbox.record(1, taken(event_id))
        with pytest.raises(Superseded):
            await outbox.tallies(1)
        with pytest.raises(Superseded):
            await outbox.lead(1)

        assert ids(await outbox.pending(10)) == [event_id]

    async def test_what_is_recorded_twice_counts_once(self, log: EventLog, outbox: Outbox) -> None:
        (event_id,) = await appended(log, 1)
        await outbox.lead(1)
        await outbox.count_anew(1)
        await outbox.record(1, taken(event_id))

        with pytest.raises(Superseded):
            await outbox.record(1, taken(event_id))

        assert (await outbox.tallies(1) or {})[P] == Tally().plus([event_id])
