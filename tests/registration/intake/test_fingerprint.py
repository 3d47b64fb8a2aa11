"""An event that comes again is known by what it means, however it is written this time."""

import hashlib
from collections.abc import Callable
from datetime import UTC, datetime
from random import Random
from typing import Any
from unicodedata import normalize

import orjson
import pytest

from services.events.assistance import CitizenAssisted
from services.events.organisations import OrganisationRegistered
from services.events.registry import EVENT_CLASSES
from services.events.service_points import ServicePointOpened
from services.registration.intake.fingerprint import payload_hash, says_what
from tests.any_event import any_event
from tests.builders import CHO_LON, OFFICE, SATURDAY, a_person, as_json, given, posted
from tests.event_data import Json
from tests.registration.intake.desk import COORDINATOR, KEY, Desk, kinds

Rewrite = Callable[[Json], Json]


def envelope(**changes: object) -> Rewrite:
    return lambda event: {**event, **changes}


def data(**changes: object) -> Rewrite:
    return lambda event: {**event, "data": {**event["data"], **changes}}


def person(**changes: object) -> Rewrite:
    return lambda event: data(person={**event["data"]["person"], **changes})(event)


def a_visit() -> Json:
    return posted(
        CitizenAssisted,
        person=a_person(name="Người thứ nhất", phone_owner=None),
        services=[given("vneid_install")],
        groups=["elderly"],
        duration_s=60,
        envelope={"clockoffset": 4.5},
    )


SAME: dict[str, Rewrite] = {
    "the clock measured anew": envelope(clockoffset=5.25),
    "no offset any more": envelope(clockoffset=None),
    "another trace": envelope(traceparent=f"00-{'a' * 32}-{'b' * 16}-01", tracestate="x=1"),
    "the content type said": envelope(datacontenttype="application/json"),
    "an attribute of null": envelope(subject=None, correlationid=None),
    "a field of null": data(age_band=None, team_id="team-1", business_id=None),
    "a field of a person of null": person(address=None),
    "a default said": person(phone_owner="none"),
    "an empty list": data(person_ids=[]),
    "the instant in UTC": envelope(time=SATURDAY.astimezone(UTC).isoformat()),
    "the instant with Z": envelope(time="2025-10-11T01:00:00.000Z"),
    "the instant in small letters": envelope(time="2025-10-11t01:00:00z"),
    "a number with a fraction of nought": data(duration_s=60.0),
    "a text composed otherwise": lambda event: person(
        name=normalize("NFD", event["data"]["person"]["name"])
    )(event),
    "its id in capitals": lambda event: {**event, "id": event["id"].upper()},
    "its keys turned": lambda event: dict(reversed(event.items())),
}
OTHER: dict[str, Rewrite] = {
    "another instant": envelope(time="2025-10-11T01:00:00.001Z"),
    "another ward": envelope(ward="27163"),
    "another channel": data(channel="phone"),
    "another number": data(duration_s=61),
    "a list with something in it": data(groups=["worker"]),
    "one more in a list": data(groups=["elderly", "worker"]),
    "nobody of a group": data(groups=[]),
    "another name": person(name="Người thứ hai"),
    "another letter": person(name="Nguoi thứ nhất"),
    "a replacement": envelope(replaces="01990000-0000-7000-8000-0000000000ff"),
}


@pytest.mark.parametrize("how", SAME)
def test_another_writing_is_the_same_event(how: str) -> None:
    event = a_visit()

    assert payload_hash(SAME[how](event), KEY) == payload_hash(event, KEY)


@pytest.mark.parametrize("how", OTHER)
def test_another_content_is_another_event(how: str) -> None:
    event = a_visit()

    assert payload_hash(OTHER[how](event), KEY) != payload_hash(event, KEY)


def test_another_key_gives_another_hash() -> None:
    assert payload_hash(a_visit(), KEY) != payload_hash(a_visit(), b"another")


@pytest.mark.parametrize("how", ["the clock measured anew", "the instant with Z", "another trace"])
async def test_visit_sent_again_otherwise_is_a_duplicate(how: str) -> None:
    desk = Desk()
    visit = a_visit()

    results = await desk.post(visit, SAME[how](visit)) + await desk.post(SAME[how](visit))

    assert kinds(results) == ["accepted", "duplicate", "duplicate"]


async def test_default_that_is_said_changes_nothing_of_a_point() -> None:
    desk = Desk()
    point = posted(ServicePointOpened, subject="point-1", neighbourhood_id=None)

    results = await desk.post(point, data(main=False, place=None)(point), by=COORDINATOR)

    assert kinds(results) == ["accepted", "duplicate"]


async def test_what_an_earlier_version_logged_is_known_again() -> None:
    desk = Desk()
    visit = a_visit()
    await desk.post(visit)
    stored = await desk.stored(visit["id"])
    object.__setattr__(stored, "payload_hash", former_hash(visit))

    again = await desk.post(visit)
    tried = await desk.send(orjson.dumps([visit]), dry=True)
    other = await desk.post(data(channel="phone")(visit))

    assert kinds(again) == kinds(tried) == ["duplicate"]
    assert kinds(other) == ["id_conflict"]


async def test_decided_event_that_an_earlier_version_logged_is_known_again() -> None:
    desk = Desk()
    event = posted(OrganisationRegistered, envelope={"source": OFFICE, "subject": "organisation-1"})
    await desk.post(event, by=COORDINATOR)
    stored = await desk.stored(event["id"])
    object.__setattr__(stored, "payload_hash", former_hash(event))

    assert kinds(await desk.post(event, by=COORDINATOR)) == ["duplicate"]


def test_every_type_has_the_same_hash_in_any_order_of_keys_and_with_nulls() -> None:
    for event_class in EVENT_CLASSES:
        event = as_json(any_event(event_class, CHO_LON, Random(1)))
        turned = dict(reversed([*event.items(), ("subjectless", None)]))

        assert payload_hash(turned, KEY) == payload_hash(event, KEY)
        assert says_what(turned, KEY, payload_hash(event, KEY))


def test_odd_values_have_a_hash() -> None:
    odd: list[Any] = [
        "9999-99-99T99:99:99Z",
        "0001-01-01T00:00:00+14:00",
        "\ud7ff",
        1e300,
        -0.0,
        {},
    ]
    for value in odd:
        assert payload_hash({"id": "x", "data": {"note": value}}, KEY)
        assert payload_hash({"type": ["x"], "data": value}, KEY)


def former_hash(event: Json) -> bytes:
    """Of the JSON as it was posted, with its keys sorted."""
    text = orjson.dumps(event, option=orjson.OPT_SORT_KEYS)
    return hashlib.blake2b(text, key=KEY, digest_size=16).digest()


def test_day_without_a_time_is_no_instant() -> None:
    days = [datetime(2025, 10, day, tzinfo=UTC).date().isoformat() for day in (11, 12)]
    hashes = {payload_hash({"data": {"day": day}}, KEY) for day in days}

    assert len(hashes) == 2
