"""Which events share a message, and what a message says of its partition."""

from datetime import UTC, datetime, timedelta

import orjson

from services.events.envelope import Event
from services.messaging.log_writer import INTAKE_DEADLINE, WRITE_DEADLINE
from services.messaging.packing import MAX_BYTES, heartbeat, pack, true_until
from services.messaging.stored import Stored, store
from tests.messaging.entries import assisted, entry, formed, visited

NOW = datetime(2025, 11, 20, 5, tzinfo=UTC)
UNTIL = dict.fromkeys(range(4), NOW)


def stored(event: Event, seconds_ago: float = 0) -> Stored:
    return store(entry(event), 4, NOW - timedelta(seconds=seconds_ago))


def test_message_holds_events_of_one_type_and_partition_in_their_order() -> None:
    events = [assisted(), visited(), assisted(), assisted(ward="27343")]

    parcels = pack([stored(e) for e in events], "registration", UNTIL)

    assert [p.event_ids for p in parcels] == [
        (events[0].id, events[2].id),
        (events[1].id,),
        (events[3].id,),
    ]
    assert len({p.message.routing_key for p in parcels}) == 3


def test_body_is_the_array_of_the_stored_bytes() -> None:
    entries = [stored(assisted()) for _ in range(2)]

    [parcel] = pack(entries, "registration", UNTIL)

    assert orjson.loads(parcel.message.body) == [orjson.loads(e.body) for e in entries]
    assert parcel.message.message_id == entries[0].event_id
    assert parcel.message.headers == {"count": 2, "oldest_pending": "2025-11-20T05:00:00+00:00"}


def test_message_holds_at_most_a_hundred_events() -> None:
    parcels = pack([stored(assisted()) for _ in range(250)], "registration", UNTIL)

    assert [len(p.event_ids) for p in parcels] == [100, 100, 50]


def test_message_stays_small_however_large_its_events_are() -> None:
    name = "đ" * 300
    big = stored(formed(data={"kind": "dx_formation", "name": name}))
    many = [big] * (2 * MAX_BYTES // len(big.body))

    parcels = pack(many, "registration", UNTIL)

    assert sum(len(p.event_ids) for p in parcels) == len(many)
    assert all(len(p.message.body) <= MAX_BYTES + len(big.body) for p in parcels)


def test_quiet_partition_is_true_until_the_write_deadline() -> None:
    assert true_until([], 2, NOW, all_read=True) == dict.fromkeys((0, 1), NOW - WRITE_DEADLINE)


def test_partition_is_true_until_its_oldest_waiting_event() -> None:
    old, fresh = stored(assisted(), seconds_ago=60), stored(assisted(ward="27343"))
    assert old.partition != fresh.partition

    until = true_until([old, fresh], 4, NOW, all_read=True)

    assert until[old.partition] == NOW - timedelta(seconds=60) - INTAKE_DEADLINE
    assert until[fresh.partition] == NOW - WRITE_DEADLINE


def test_with_more_waiting_no_partition_is_true_beyond_what_was_read() -> None:
    read = [stored(assisted(), seconds_ago=s) for s in (60, 40)]

    until = true_until(read, 4, NOW, all_read=False)

    others = [at for partition, at in until.items() if partition != read[0].partition]
    assert others == [NOW - timedelta(seconds=40) - INTAKE_DEADLINE] * 3


def test_heartbeat_is_an_empty_message_of_its_partition() -> None:
    beat = heartbeat(3, "notify", NOW, NOW - WRITE_DEADLINE)

    assert (beat.routing_key, beat.body, beat.app_id) == ("heartbeat.p3", b"[]", "notify")
    assert beat.headers == {"count": 0, "oldest_pending": "2025-11-20T04:59:50+00:00"}
