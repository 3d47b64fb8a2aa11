"""Which events share a message, and whom it is for."""

from datetime import UTC, datetime, timedelta

import orjson

from services.events.envelope import Event
from services.messaging.log.completeness import Statement, Tally, statement_in
from services.messaging.log.stored import Stored, store
from services.messaging.relay.packing import MAX_BYTES, Parcel, heartbeat, pack
from services.messaging.relay.readers import OTHERS
from services.messaging.topology import (
    EVENTS,
    NOTIFY_EVENTS,
    READERS,
    partition_of,
    partition_queue,
)
from tests.messaging.entries import WARD, assisted, entry, formed, visited

NOW = datetime(2025, 11, 20, 5, tzinfo=UTC)
QUEUE = partition_queue(partition_of(WARD, 4))


def stored(event: Event, seconds_ago: float = 0) -> Stored:
    return store(entry(event), 4, NOW - timedelta(seconds=seconds_ago))


def packed(entries: list[Stored], partitions: int = 4) -> list[Parcel]:
    return pack(entries, "registration", partitions, NOW)


def test_message_holds_events_of_one_type_and_partition_in_their_order() -> None:
    events = [assisted(), visited(), assisted(), assisted(ward="27343")]

    parcels = packed([stored(e) for e in events])

    assert [p.event_ids for p in parcels] == [
        (events[0].id, events[2].id),
        (events[1].id,),
        (events[3].id,),
    ]


def test_each_reader_of_a_type_gets_a_message_of_its_own() -> None:
    helped, met = packed([stored(assisted()), stored(visited())])

    assert helped.messages.keys() == {QUEUE, NOTIFY_EVENTS, OTHERS}
    assert met.messages.keys() == {QUEUE, OTHERS}
    assert {(m.exchange, m.routing_key, m.mandatory) for m in helped.messages.values()} == {
        (READERS, QUEUE, True),
        (READERS, NOTIFY_EVENTS, True),
        (EVENTS, f"citizen.assisted.v1.{QUEUE.partition('.')[2]}", False),
    }
    assert len({m.body for m in helped.messages.values()}) == 1


def test_event_goes_to_the_partition_of_its_ward_however_many_there_were_when_it_was_written() -> (
    None
):
    [parcel] = packed([stored(assisted())], partitions=7)

    assert partition_queue(partition_of(WARD, 7)) in parcel.messages


def test_body_is_the_array_of_the_stored_bytes() -> None:
    entries = [stored(assisted(), seconds_ago=5), stored(assisted())]

    [parcel] = packed(entries)

    message = parcel.messages[QUEUE]
    assert orjson.loads(message.body) == [orjson.loads(e.body) for e in entries]
    assert message.message_id == f"{entries[0].event_id}@{QUEUE}"
    assert parcel.messages[OTHERS].message_id == entries[0].event_id
    assert message.headers == {"count": 2, "oldest_pending": "2025-11-20T04:59:55+00:00"}


def test_message_holds_at_most_a_hundred_events() -> None:
    parcels = packed([stored(assisted()) for _ in range(250)])

    assert [len(p.event_ids) for p in parcels] == [100, 100, 50]


def test_message_stays_small_however_large_its_events_are() -> None:
    name = "đ" * 300
    big = stored(formed(data={"kind": "dx_formation", "name": name}))
    many = [big] * (2 * MAX_BYTES // len(big.body))

    parcels = packed(many)

    assert sum(len(p.event_ids) for p in parcels) == len(many)
    bodies = [len(m.body) for p in parcels for m in p.messages.values()]
    assert max(bodies) <= MAX_BYTES + len(big.body)


def test_what_is_packed_for_one_reader_reaches_no_other() -> None:
    parcels = pack([stored(assisted()), stored(visited())], "registration", 4, NOW, [NOTIFY_EVENTS])

    assert [p.messages.keys() for p in parcels] == [{NOTIFY_EVENTS}]


def test_heartbeat_is_an_empty_message_with_what_is_stated_of_its_partition() -> None:
    statement = Statement("notify", Tally(7, 123), NOW, 4)

    beats = heartbeat(3, "notify", NOW, statement)

    assert beats.keys() == {"reporting.p3", OTHERS}
    assert beats[OTHERS].routing_key == "heartbeat.p3"
    assert all((b.body, b.type) == (b"[]", "heartbeat") for b in beats.values())
    assert statement_in("notify", beats["reporting.p3"].headers) == statement


def test_heartbeat_without_a_statement_proves_nothing() -> None:
    beats = heartbeat(3, "notify", NOW, None)

    assert statement_in("notify", beats["reporting.p3"].headers) is None


def test_what_a_stranger_states_is_no_statement() -> None:
    headers = Statement("notify", Tally(7, 123), NOW, 4).headers()

    assert statement_in("somebody", headers) is None
    assert statement_in("notify", headers | {"appends": "7"}) is None
    assert statement_in("notify", headers | {"as_of": "yesterday"}) is None
