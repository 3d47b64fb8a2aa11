"""Each kind of bad input has its own answer, and harms nothing beside it."""

import contextlib
import gzip
import time
import zlib
from datetime import timedelta

import orjson
import pytest

from services.events.assistance import CitizenAssisted
from services.events.envelope import BATCH_MEDIA_TYPE, MEDIA_TYPE
from services.platform.problems import Problem
from services.registration.intake.body import MAX_BYTES, unpack
from tests.builders import CHO_LON, SATURDAY, a_person, an_event_id, posted
from tests.event_data import Json
from tests.examples import examples
from tests.registration.intake.desk import VOLUNTEER, Desk, Poster, kinds

ANYWHERE = Poster(wards=None)


def changed(**envelope: object) -> Json:
    return posted(CitizenAssisted, envelope=envelope)


BAD_EVENTS = {
    "an id beside a person that is none": (
        posted(CitizenAssisted, person=a_person(), citizen_id=0),
        "invalid_value",
        "/data/citizen_id",
    ),
    "an unknown type": (changed(type="citizen.taught.v1"), "unknown_type", "/type"),
    "a type that is no text": (changed(type=[1]), "unknown_type", "/type"),
    "no id": (changed(id=None), "invalid_id", "/id"),
    "an id of version 4": (
        changed(id="01990000-0000-4000-8000-000000000001"),
        "invalid_id",
        "/id",
    ),
    "an id of the server's own": (
        changed(id="01990000-0000-8000-8000-000000000001"),
        "invalid_id",
        "/id",
    ),
    "no time": (changed(time=None), "missing_field", "/time"),
    "a time without offset": (changed(time="2025-10-11T08:00:00"), "invalid_value", "/time"),
    "the year 9999": (changed(time="9999-12-31T23:59:59Z"), "time_ahead", "/time"),
    "the year 1999": (changed(time="1999-12-31T00:00:00Z"), "time_too_old", "/time"),
    "a ward that never was": (changed(ward="99999"), "unknown_ward", "/ward"),
    "a ward of the old time": (changed(ward="26746"), "ward_not_valid_then", "/ward"),
    "an unknown field": (posted(CitizenAssisted, hobby="x"), "unknown_field", "/data/hobby"),
    "a field named like a number": (
        changed(data={**posted(CitizenAssisted)["data"], "0900000001": "x"}),
        "unknown_field",
        "/data",
    ),
    "a field that the server sets": (
        changed(recordedtime="2025-10-11T01:00:00Z"),
        "unknown_field",
        "/recordedtime",
    ),
    "a missing field": (posted(CitizenAssisted, channel=None), "missing_field", "/data/channel"),
    "an unknown code": (
        posted(CitizenAssisted, channel="pigeon"),
        "invalid_value",
        "/data/channel",
    ),
    "a huge number": (
        posted(CitizenAssisted, duration_s=10**18),
        "invalid_value",
        "/data/duration_s",
    ),
    "data that is a list": (changed(data=[1, 2]), "invalid_value", "/data"),
    "another's source": (changed(source="/device/phone-2"), "wrong_source", "/source"),
    "a malformed national id": (
        posted(CitizenAssisted, person=a_person(national_id="12")),
        "national_id_malformed",
        "/data/person/national_id",
    ),
    "text as data of 70 kB": (posted(CitizenAssisted, note="x" * 70_000), "unknown_field", None),
}


@pytest.mark.parametrize("case", BAD_EVENTS)
async def test_bad_event_has_its_own_answer_and_its_neighbours_stand(case: str) -> None:
    desk = Desk()
    bad, code, pointer = BAD_EVENTS[case]

    results = await desk.post(
        posted(CitizenAssisted), bad, posted(CitizenAssisted), by=Poster(wards=None)
    )

    assert kinds(results) == ["accepted", code, "accepted"]
    assert pointer in (None, results[1].pointer)
    assert results[1].message
    assert results[1].message.vi
    assert results[1].message.en


BAD_TEXTS = {
    "NaN": (b'{"id": "a", "data": {"n": NaN}}', "not_a_number"),
    "an infinite number": (b'{"n": 1e999}', "not_a_number"),
    "invalid UTF-8": (b'{"id": "\xff\xfe"}', "invalid_utf8"),
    "nested too deeply": (b'{"a":' * 2000 + b"1" + b"}" * 2000, "too_deep"),
    "nested more deeply than it can be written again": (
        b'{"xtra":' + b"[" * 300 + b"]" * 300 + b"}",
        "too_deep",
    ),
    "one bracket too many": (b'{"a":' * 33 + b"1" + b"}" * 33, "too_deep"),
    "half an event": (b'{"id": }', "malformed_event"),
    "a bare number": (b"7", "malformed_event"),
    "null": (b"null", "malformed_event"),
}


@pytest.mark.parametrize("case", BAD_TEXTS)
async def test_text_that_is_no_json_harms_only_its_own_event(case: str) -> None:
    desk = Desk()
    text, code = BAD_TEXTS[case]
    good = orjson.dumps(posted(CitizenAssisted))

    results = await desk.send(b"[" + good + b", " + text + b"]")

    assert kinds(results) == ["accepted", code]


async def test_brackets_and_quotes_inside_texts_do_not_split_an_event() -> None:
    desk = Desk()
    good = orjson.dumps(posted(CitizenAssisted, team_id='team-1], {"\\'))

    results = await desk.send(b"[" + good + b', {"n": NaN}]')

    assert kinds(results) == ["invalid_value", "not_a_number"]


WHOLE = {
    "no JSON": (b"{", BATCH_MEDIA_TYPE, "", "not_json"),
    "an object as a batch": (b"{}", BATCH_MEDIA_TYPE, "", "not_json"),
    "nothing": (b"", BATCH_MEDIA_TYPE, "", "not_json"),
    "an open bracket": (b"[[[[", BATCH_MEDIA_TYPE, "", "not_json"),
    "a single event that is no JSON": (b"{", MEDIA_TYPE, "", "not_json"),
    "another media type": (b"[]", "text/plain", "", "unsupported_media_type"),
    "no media type": (b"[]", "", "", "unsupported_media_type"),
    "another compression": (b"[]", BATCH_MEDIA_TYPE, "br", "unsupported_media_type"),
    "broken gzip": (b"\x1f\x8bxxxx", BATCH_MEDIA_TYPE, "gzip", "broken_gzip"),
    "half a gzip": (gzip.compress(b"[]")[:-4], BATCH_MEDIA_TYPE, "gzip", "broken_gzip"),
    "501 events": (b"[" + b"{}," * 500 + b"{}]", BATCH_MEDIA_TYPE, "", "too_large"),
    "9 MB": (b" " * (MAX_BYTES + 1), BATCH_MEDIA_TYPE, "", "too_large"),
}


@pytest.mark.parametrize("case", WHOLE)
def test_request_that_cannot_be_read_has_one_answer(case: str) -> None:
    body, media_type, encoding, code = WHOLE[case]

    with pytest.raises(Problem) as problem:
        unpack(body, media_type, encoding)

    assert problem.value.kind.code == code


def test_zip_bomb_is_too_large() -> None:
    body = zlib.compress(b" " * MAX_BYTES * 20, wbits=31, level=1)

    with pytest.raises(Problem) as problem:
        unpack(body, BATCH_MEDIA_TYPE, "gzip")

    assert problem.value.kind.code == "too_large"


COSTLY = {
    "only commas": (b"[" + b"," * (MAX_BYTES - 3) + b"x]", "too_large"),
    "only brackets": (b"[" * (MAX_BYTES // 2) + b"]" * (MAX_BYTES // 2), "too_large"),
    "millions of numbers": (b"[" + b"1," * (MAX_BYTES // 2 - 2) + b"1]", "too_large"),
    "millions of texts": (b"[" + b'"",' * (MAX_BYTES // 3 - 2) + b"x]", "too_large"),
    "one broken event of 8 MB": (b"[{" + b'"a":[],' * (MAX_BYTES // 7 - 1) + b"x]", "too_large"),
    "lists of nothing": (b"[" + b"[]," * 2_000_000 + b"[]]", "too_large"),
    "dicts of little": (b"[" + b'{"a":{}},' * 800_000 + b"{}]", "too_large"),
    "quotes": (b"[" + b'"' * (MAX_BYTES - 2) + b"]", "too_large"),
    "an open text": (b'[{"a":"' + b"x" * (MAX_BYTES - 10) + b"]", "not_json"),
    "backslashes": (b'[{"a":"' + b"\\" * (MAX_BYTES - 11) + b"]", "not_json"),
    "no structure at all": (b"[" + b"x" * (MAX_BYTES - 2) + b"]", "malformed_event"),
    "a number of 8 MB": (b'{"a":' + b"9" * (MAX_BYTES - 6) + b"}", "event_too_large"),
}


@pytest.mark.parametrize("case", COSTLY)
def test_no_body_keeps_the_service_busy(case: str) -> None:
    body, code = COSTLY[case]
    media_type = MEDIA_TYPE if body.startswith(b"{") else BATCH_MEDIA_TYPE
    began = time.process_time()

    try:
        [found] = unpack(body, media_type, "")
    except Problem as whole:
        found = whole

    assert isinstance(found, Problem)
    assert found.kind.code == code
    assert time.process_time() - began < 2


RUNS = {
    "digits": b"9" * 299,
    "digits that are a number": b"9" * 200 + b"." + b"9" * 99,
    "exponents": b"1e1" * 100,
    "signs": b"+-" * 150,
    "half a word": b"NaNNa" * 60,
    "words": b"Infinit " * 40,
    "spaces": b" " * 300,
}


@pytest.mark.parametrize("broken", [b"x", b"NaN", b'"', b"1e999"])
@pytest.mark.parametrize("run", RUNS)
def test_no_broken_events_keep_the_service_busy(run: str, broken: bytes) -> None:
    one = b"{" + b",".join(b'"k":' + RUNS[run] for _ in range(200)) + b',"x":' + broken + b"}"
    body = gzip.compress(b"[" + b",".join([one] * min(120, examples(120))) + b"]")
    began = time.process_time()

    with contextlib.suppress(Problem):
        unpack(body, BATCH_MEDIA_TYPE, "gzip")

    assert time.process_time() - began < 2


@pytest.mark.parametrize("field", ["groups", "services", "unheard_of"])
async def test_no_list_in_an_event_keeps_the_service_busy(field: str) -> None:
    endless = posted(CitizenAssisted)
    endless["data"][field] = [{}] * 3_000
    began = time.process_time()

    results = await Desk().post(*[{**endless, "id": an_event_id()} for _ in range(30)])

    assert kinds(results) == ["event_too_large"] * 30
    assert time.process_time() - began < 1


PLACES = {
    "the envelope": lambda unknown: changed(**unknown),
    "the data": lambda unknown: posted(CitizenAssisted, **unknown),
    "the person": lambda unknown: posted(CitizenAssisted, person=a_person() | unknown),
    "an element": lambda unknown: posted(
        CitizenAssisted, services=[{"service": "vneid_install", **unknown}]
    ),
}


@pytest.mark.parametrize("place", PLACES)
async def test_unknown_fields_cost_no_more_than_a_few(place: str) -> None:
    unknown = {f"field_{n}": n for n in range(1_500)}
    began = time.process_time()

    results = await Desk().post(
        *[{**PLACES[place](unknown), "id": an_event_id()} for _ in range(100)], by=ANYWHERE
    )

    assert set(kinds(results)[:2]) <= {"unknown_field", "missing_field"}
    assert set(kinds(results)[2:]) == {"too_many_faults"}
    assert all(result.retryable for result in results[2:])
    assert time.process_time() - began < 2


async def test_phone_whose_every_event_is_wrong_hears_of_each() -> None:
    wrong = [posted(CitizenAssisted, hobby="x", age="y", note="z") for _ in range(500)]

    results = await Desk().post(*wrong, by=ANYWHERE)

    assert kinds(results) == ["unknown_field"] * 500


def test_what_a_body_becomes_in_memory_is_counted() -> None:
    held: list[int] = []
    body = orjson.dumps([posted(CitizenAssisted)] * 100)

    unpack(gzip.compress(body), BATCH_MEDIA_TYPE, "gzip", held.append)

    assert len(body) < sum(held) < 20 * len(body)


def test_gzip_is_read_as_the_plain_body_is() -> None:
    body = orjson.dumps([posted(CitizenAssisted)])

    assert unpack(gzip.compress(body), BATCH_MEDIA_TYPE, "gzip") == unpack(
        body, f"{BATCH_MEDIA_TYPE}; charset=utf-8", "identity"
    )


async def test_event_of_the_old_time_is_taken_under_the_old_ward() -> None:
    desk = Desk()
    before = SATURDAY - timedelta(days=210)

    results = await desk.post(
        posted(CitizenAssisted, ward="26746", at=before),
        posted(CitizenAssisted, ward=CHO_LON, at=before),
        by=Poster(wards=None),
    )

    assert kinds(results)[0] == "accepted"


async def test_no_answer_repeats_what_was_posted() -> None:
    desk = Desk()
    person = a_person(phone="not a phone 0900000001", name="Người thứ nhất")

    results = await desk.post(posted(CitizenAssisted, person=person), {"id": "0900000001"})

    answer = "".join(str(result.document()) for result in results)
    assert "0900000001" not in answer
    assert VOLUNTEER.source not in answer
