"""What an earlier version said can be read for ever, as its newest version says it."""

from datetime import UTC, datetime
from typing import Any, Literal

import orjson
import pytest
from pydantic import ValidationError

from services.events.declarations import BY_WARD, Former
from services.events.envelope import Data, Event
from services.events.registry import EVENT_CLASSES, Registry, UnknownType, encode, type_name
from services.messaging.broker import Delivery
from services.messaging.consumer.decoding import decode, events_of_type
from services.messaging.log.stored import from_document
from services.platform.ids import new_event_id
from services.platform.problems import Problem
from services.registration.intake.fingerprint import payload_hash
from services.registration.intake.parse import parse
from tests.toys import TOYS, TreesCounted, WardCounted

KEY = b"k" * 32
NOW = datetime(2025, 11, 8, 3, 0, tzinfo=UTC)


def counted(version: int = 1, **data: Any) -> dict[str, Any]:
    return {
        "specversion": "1.0",
        "id": new_event_id(),
        "source": "/device/d-1a2b",
        "type": f"trees.counted.v{version}",
        "subject": "ward-1",
        "time": "2025-11-08T09:00:00+07:00",
        "ward": "26734",
        "data": data,
    }


def nobody(*_: object) -> Any:
    """No person is named here."""
    raise AssertionError


@pytest.mark.parametrize(
    ("version", "said"),
    [
        (1, {"trees": 7}),
        (2, {"trees": 7, "by": "street"}),
        (3, {"alive": 7, "by": "street"}),
    ],
)
def test_every_version_is_read_as_the_newest(version: int, said: dict[str, Any]) -> None:
    event = TOYS.parse(counted(version, **said))

    assert isinstance(event, WardCounted)
    assert event.type == "trees.counted.v3"
    assert event.data == TreesCounted(alive=7, by="street")
    assert TOYS.parse_stored(event.type, encode(event)) == event


def test_what_was_stored_in_an_earlier_version_is_read_as_the_newest() -> None:
    body = orjson.dumps(counted(2, trees=7, by="park"))

    event = TOYS.parse_stored("trees.counted.v2", body)

    assert event.data == TreesCounted(alive=7, by="park")


def test_a_log_gives_what_it_keeps_of_an_earlier_version_as_the_newest() -> None:
    event = counted(trees=7)
    document = {
        "_id": event["id"],
        "type": event["type"],
        "subject": event["subject"],
        "ward": event["ward"],
        "time": NOW,
        "recorded_at": NOW,
        "source": event["source"],
        "payload_hash": b"as it was posted",
        "body": orjson.dumps(event),
        "partition": 0,
    }

    stored = from_document(document, TOYS)

    assert stored.type == "trees.counted.v3"
    assert TOYS.parse_stored(stored.type, stored.body).data == TreesCounted(alive=7, by="street")
    assert stored.payload_hash == b"as it was posted"


def test_a_consumer_sees_only_the_newest_of_what_was_on_its_way_during_the_upgrade() -> None:
    old, new = counted(trees=7), counted(3, alive=7, by="street")

    for event in (old, new):
        delivery = Delivery(1, "", orjson.dumps([event]), "", event["type"], "registration", {})
        decoded = decode(delivery, TOYS.parse)
        assert [type(item) for item in decoded.items] == [WardCounted]
        assert decoded.unreadable == []


def test_a_message_still_holds_the_one_version_that_it_says() -> None:
    delivery = Delivery(
        1, "", orjson.dumps([counted(trees=7)]), "", "trees.counted.v3", "registration", {}
    )

    assert [bad.reason for bad in decode(delivery, events_of_type(delivery.type)).unreadable] == [
        "other_type"
    ]


def test_a_phone_that_was_not_updated_yet_posts_as_before() -> None:
    parsed = parse(counted(trees=7), KEY, nobody, NOW, TOYS)

    assert parsed.event.type == "trees.counted.v3"
    assert parsed.event.data == TreesCounted(alive=7, by="street")


@pytest.mark.parametrize("version", [1, 2])
def test_intake_is_as_strict_with_an_earlier_version(version: int) -> None:
    with pytest.raises(Problem) as refused:
        parse(counted(version, trees=7, by="street", phone="0"), KEY, nobody, NOW, TOYS)

    assert (refused.value.kind.code, refused.value.pointer) == ("unknown_field", "/data/phone")


def test_what_was_posted_before_the_upgrade_is_known_again_after_it() -> None:
    class TreesCountedFirst(Data):
        trees: int = 1

    class WardCountedFirst(Event):
        type: Literal["trees.counted.v1"] = "trees.counted.v1"
        data: TreesCountedFirst
        scope = BY_WARD

    before = Registry([WardCountedFirst])
    for event in (counted(trees=1), counted(), counted(trees=9)):
        assert payload_hash(event, KEY, TOYS) == payload_hash(event, KEY, before)


def test_a_version_that_nobody_knows_is_unknown() -> None:
    with pytest.raises(UnknownType):
        TOYS.parse(counted(4, alive=7))

    assert TOYS.class_of("trees.counted.v4") is None
    assert TOYS.current("trees.counted.v4") == "trees.counted.v4"


def test_what_an_upcaster_cannot_make_valid_is_refused_like_anything_else() -> None:
    with pytest.raises(ValidationError):
        TOYS.parse(counted(1, trees="many"))
    with pytest.raises(ValidationError):
        TOYS.parse({**counted(1), "data": "trees"})


def test_two_classes_that_claim_one_type_do_not_start() -> None:
    class Again(Event):
        type: Literal["trees.felled.v1"] = "trees.felled.v1"
        data: TreesCounted
        scope = BY_WARD
        former = (Former("trees.counted.v2", dict),)

    with pytest.raises(TypeError):
        Registry([WardCounted, Again])


@pytest.mark.parametrize("event_class", [*EVENT_CLASSES, WardCounted], ids=type_name)
def test_each_version_has_an_upcaster_from_the_one_before_it(event_class: type[Event]) -> None:
    stem, _, newest = type_name(event_class).rpartition(".v")

    assert [former.type for former in event_class.former] == [
        f"{stem}.v{n}" for n in range(1, int(newest))
    ]
