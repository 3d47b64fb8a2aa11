"""What standards let be written in several ways is read in each of them."""

import gzip
import zlib
from codecs import BOM_UTF8

import orjson
import pytest

from services.events.assistance import CitizenAssisted
from services.events.corrections import EventVoided
from services.events.envelope import BATCH_MEDIA_TYPE, MEDIA_TYPE
from services.platform.problems import Problem
from services.registration.intake.body import MAX_BYTES, unpack
from tests.builders import PHONE, posted
from tests.event_data import Json
from tests.registration.intake.desk import Desk, kinds

TAKEN: dict[str, Json] = {
    "a subject of null": {"subject": None},
    "all that may be left out of null": dict.fromkeys(
        ("subject", "datacontenttype", "dataschema", "correlationid", "replaces", "clockoffset")
    ),
    "null where only the server writes": {"recordedtime": None, "devicetime": None},
    "null of something unknown": {"hobby": None},
    "JSON with its character set": {"datacontenttype": "application/json; charset=utf-8"},
    "JSON in capitals": {"datacontenttype": "Application/JSON;charset=UTF-8"},
    "JSON with a quoted character set": {"datacontenttype": 'application/json; charset="utf-8"'},
    "a vendor's part of the trace": {"tracestate": "vendor=anything"},
    "a trace of a later version": {"traceparent": f"cc-{'a' * 32}-{'b' * 16}-01-what-comes"},
    "a trace that is none": {"traceparent": "x"},
    "an id in capitals": {"id": "01990000-0000-7000-8000-00000000ABCD"},
}


@pytest.mark.parametrize("how", TAKEN)
async def test_event_is_taken_as_standards_let_it_be_written(how: str) -> None:
    desk = Desk()

    results = await desk.post(posted(CitizenAssisted, envelope=TAKEN[how]))

    assert kinds(results) == ["accepted"]


@pytest.mark.parametrize(
    ("envelope", "code", "pointer"),
    [
        ({"time": None}, "missing_field", "/time"),
        ({"ward": None}, "missing_field", "/ward"),
        ({"data": None}, "missing_field", "/data"),
        ({"specversion": None}, "missing_field", "/specversion"),
        ({"datacontenttype": "application/xml"}, "invalid_value", "/datacontenttype"),
        (
            {"datacontenttype": "application/json; charset=latin-1"},
            "invalid_value",
            "/datacontenttype",
        ),
    ],
)
async def test_null_where_something_is_needed_is_missing(
    envelope: Json, code: str, pointer: str
) -> None:
    [result] = await Desk().post(posted(CitizenAssisted, envelope=envelope))

    assert (result.code, result.pointer) == (code, pointer)


async def test_no_vendors_part_of_a_trace_is_stored() -> None:
    desk = Desk()
    visit = posted(CitizenAssisted, envelope={"tracestate": "vendor=0900000001"})

    await desk.post(visit)

    assert b"vendor" not in (await desk.stored(visit["id"])).body


async def test_id_in_capitals_is_that_in_small_letters() -> None:
    desk = Desk()
    visit = posted(CitizenAssisted, envelope={"id": "01990000-0000-7000-8000-00000000abce"})
    capitals = {**visit, "id": visit["id"].upper()}
    told = {"event_id": capitals["id"], "target_type": visit["type"]}
    void = posted(EventVoided, envelope={"source": PHONE}, **told)

    results = await desk.post(capitals, visit) + await desk.post(void)

    assert kinds(results) == ["accepted", "duplicate", "accepted"]
    assert [result.id for result in results[:2]] == [visit["id"]] * 2
    assert await desk.log.is_voided(visit["id"])


async def test_correction_names_its_event_in_either_case() -> None:
    desk = Desk()
    visit = posted(CitizenAssisted, envelope={"id": "01990000-0000-7000-8000-00000000abcf"})
    new = {**posted(CitizenAssisted, channel="phone"), "replaces": visit["id"].upper()}

    assert kinds(await desk.post(visit) + await desk.post(new)) == ["accepted", "accepted"]
    assert await desk.log.is_voided(visit["id"])


async def test_person_of_null_is_nobody() -> None:
    desk = Desk()
    visit = posted(CitizenAssisted)

    results = await desk.post({**visit, "data": {**visit["data"], "person": None}})

    assert kinds(results) == ["accepted"]


def a_body() -> bytes:
    return orjson.dumps([posted(CitizenAssisted)])


@pytest.mark.parametrize("coding", ["gzip", "x-gzip", "GZIP", "identity, gzip", " X-Gzip "])
def test_gzip_has_two_names_and_no_case(coding: str) -> None:
    body = a_body()

    assert unpack(gzip.compress(body, mtime=0), BATCH_MEDIA_TYPE, coding) == orjson.loads(body)


@pytest.mark.parametrize("coding", ["br", "gzip, gzip", "deflate", "gzip;q=1"])
def test_other_codings_are_not_taken(coding: str) -> None:
    with pytest.raises(Problem, match="unsupported_media_type"):
        unpack(gzip.compress(a_body(), mtime=0), BATCH_MEDIA_TYPE, coding)


@pytest.mark.parametrize("cuts", [1, 2, 50])
def test_gzip_of_several_members_is_all_of_them(cuts: int) -> None:
    body = a_body()
    size = len(body) // cuts + 1
    parts = [body[at : at + size] for at in range(0, len(body), size)]

    packed = b"".join(gzip.compress(part, mtime=0) for part in [*parts, b""])

    assert unpack(packed, BATCH_MEDIA_TYPE, "gzip") == orjson.loads(body)


@pytest.mark.parametrize(
    ("packed", "code"),
    [
        (gzip.compress(b"[]", mtime=0) + b"x", "broken_gzip"),
        (gzip.compress(b"[]", mtime=0) + gzip.compress(b"[]", mtime=0)[:-1], "broken_gzip"),
        (gzip.compress(b"[]", mtime=0)[:-4], "broken_gzip"),
        (b"", "broken_gzip"),
        (zlib.compress(b"[]"), "broken_gzip"),
        (gzip.compress(b" " * MAX_BYTES, mtime=0) + gzip.compress(b"[]", mtime=0), "too_large"),
        (gzip.compress(b"", mtime=0) * 2_000, "too_large"),
    ],
)
def test_gzip_that_is_broken_or_too_much_is_told_apart(packed: bytes, code: str) -> None:
    with pytest.raises(Problem, match=code):
        unpack(packed, BATCH_MEDIA_TYPE, "gzip")


@pytest.mark.parametrize("coding", ["", "gzip"])
def test_byte_order_mark_is_no_part_of_the_json(coding: str) -> None:
    body = a_body()
    marked = BOM_UTF8 + body

    sent = gzip.compress(marked, mtime=0) if coding else marked

    assert unpack(sent, BATCH_MEDIA_TYPE, coding) == orjson.loads(body)
    assert unpack(BOM_UTF8 + body[1:-1], MEDIA_TYPE, "") == orjson.loads(body)
