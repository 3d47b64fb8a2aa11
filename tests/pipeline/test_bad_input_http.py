"""Whatever is sent over HTTP is answered with its own code in two languages, and never with 500."""

import gzip
import socket
import zlib
from collections.abc import Callable, Iterator
from urllib.parse import quote

import httpx
import orjson
import pytest

from services.events.teams import TeamFormed
from services.platform.problems import PROBLEM_MEDIA_TYPE
from services.registration.intake.body import MAX_BYTES
from tests import calls
from tests.builders import an_event_id, an_id
from tests.event_data import Json
from tests.eventually import PATIENCE_S, eventually
from tests.pipeline.people import NOW, REGISTRATION, Office, Phone
from tests.stack import Stack

Change = Callable[[Json], Json]


def envelope(**changes: object) -> Change:
    """The visit with another envelope."""
    return lambda visit: {**visit, **changes}


def data(**changes: object) -> Change:
    """The visit with other data."""
    return lambda visit: {**visit, "data": {**visit["data"], **changes}}


def nested(depth: int) -> object:
    """Lists in lists."""
    found: object = 1
    for _ in range(depth):
        found = [found]
    return found


BAD_EVENTS: dict[str, tuple[Change, str]] = {
    "an unknown type": (envelope(type="citizen.taught.v1"), "unknown_type"),
    "an id that is none": (envelope(id="visit-1"), "invalid_id"),
    "no ward": (envelope(ward=None), "missing_field"),
    "another version of CloudEvents": (envelope(specversion="0.3"), "invalid_value"),
    "a time too far ahead": (envelope(time="2025-10-11T10:00:00+07:00"), "time_ahead"),
    "a time too far back": (envelope(time="2019-12-31T00:00:00+07:00"), "time_too_old"),
    "an unknown ward": (envelope(ward="99999"), "unknown_ward"),
    "a ward that has ended": (envelope(ward="26746"), "ward_not_valid_then"),
    "another ward": (envelope(ward="79"), "out_of_scope"),
    "another team": (data(team_id="team-of-others"), "out_of_scope"),
    "another's source": (envelope(source="/device/another"), "wrong_source"),
    "a type of the ward's": (envelope(type="team.disbanded.v1", data={}), "not_allowed"),
    "a type of the system's": (
        envelope(type="event.refused.v1", data={"event_id": an_event_id()}),
        "missing_field",
    ),
    "an unknown field": (data(hobby="đá cầu"), "unknown_field"),
    "an unknown field beside the data": (envelope(hobby="đá cầu"), "unknown_field"),
    "a number with a sign of MongoDB": (data(duration_s={"$gt": 0}), "invalid_value"),
    "a number too large": (data(duration_s=10**18), "invalid_value"),
    "a list too long": (data(groups=["elderly"] * 13), "invalid_value"),
    "an event of 65 kB": (data(team_id="t" * 65 * 1024), "invalid_value"),
    "deep nesting": (data(team_id=nested(30)), "invalid_value"),
    "a person with more than one may know": (data(person={"hobby": "x"}), "unknown_field"),
}


def test_doubtful_detail_is_set_aside_and_its_event_counts(phones: Phone) -> None:
    [result] = phones.post(phones.visit(person={"national_id": "1"}))

    assert result["result"] == "accepted"
    assert [detail["code"] for detail in result["set_aside"]] == ["national_id_set_aside"]


@pytest.mark.parametrize("case", BAD_EVENTS)
def test_bad_event_is_refused_by_name_and_its_neighbours_are_accepted(
    phones: Phone, case: str
) -> None:
    change, code = BAD_EVENTS[case]
    bad = change(phones.visit())

    first, refused, last = phones.post(phones.visit(), bad, phones.visit())

    assert (first["result"], last["result"]) == ("accepted", "accepted")
    assert_refused(refused, code)


BAD_JSON = {
    "NaN": (b"NaN", "not_a_number"),
    "an infinite number": (b"-1e999", "not_a_number"),
    "a number of 400 digits": (b"9" * 400, "not_a_number"),
    "invalid UTF-8": (b'"\xff\xfe"', "invalid_utf8"),
    "half a surrogate": (b'"\\ud800"', "malformed_event"),
    "a control character": (b'"\x01"', "malformed_event"),
    "2,000 brackets": (b"[" * 2_000 + b"]" * 2_000, "too_deep"),
    "300 brackets": (b"[" * 300 + b"]" * 300, "too_deep"),
    "a comment": (b"/* 1 */", "malformed_event"),
}


@pytest.mark.parametrize("case", BAD_JSON)
def test_json_that_is_none_harms_its_own_event_alone(phones: Phone, case: str) -> None:
    text, code = BAD_JSON[case]
    good = orjson.dumps(phones.visit())
    bad = orjson.dumps(data(duration_s="HERE")(phones.visit())).replace(b'"HERE"', text)

    results = phones.send(b"[" + good + b"," + bad + b"]").json()["results"]

    assert results[0]["result"] == "accepted"
    assert_refused(results[1], code)


PACKED = {"Content-Encoding": "gzip"}
WHOLE: dict[str, tuple[bytes, dict[str, str], int, str]] = {
    "no JSON": (b"{", {}, 400, "not_json"),
    "nothing": (b"", {}, 400, "not_json"),
    "an object as a batch": (b"{}", {}, 400, "not_json"),
    "broken gzip": (b"\x1f\x8b\x08 broken", PACKED, 400, "broken_gzip"),
    "half a gzip": (gzip.compress(b"[]")[:-4], PACKED, 400, "broken_gzip"),
    "a zip bomb": (zlib.compress(b" " * MAX_BYTES * 16, 9, 31), PACKED, 413, "too_large"),
    "9 MB": (b" " * 9_000_000, {}, 413, "too_large"),
    "501 events": (b"[" + b"{}," * 500 + b"{}]", {}, 413, "too_large"),
    "8 MB of commas": (b"[" + b"," * (MAX_BYTES - 3) + b"x]", {}, 413, "too_large"),
    "plain JSON": (b"[]", {"Content-Type": "application/json"}, 415, "unsupported_media_type"),
    "no content type": (b"[]", {"Content-Type": ""}, 415, "unsupported_media_type"),
    "another packing": (b"[]", {"Content-Encoding": "br"}, 415, "unsupported_media_type"),
    "a garbled device time": (b"[]", {"Device-Time": "yesterday"}, 400, "invalid_header"),
    "a device time without offset": (
        b"[]",
        {"Device-Time": "2025-10-11T08:00:00"},
        400,
        "invalid_header",
    ),
    "the end of all time": (
        b"[]",
        {"Demo-Now": "9999-12-31T23:59:59-14:00"},
        400,
        "invalid_header",
    ),
}


@pytest.mark.parametrize("case", WHOLE)
def test_request_that_cannot_be_read_is_a_problem_by_name(phones: Phone, case: str) -> None:
    body, headers, status, code = WHOLE[case]

    answer = phones.send(body, **headers)

    assert answer.status_code == status
    assert_problem(answer, code)


def test_same_id_twice_in_a_batch_is_a_duplicate_or_a_conflict(phones: Phone) -> None:
    visit = phones.visit()
    other = data(channel="booth")(visit)

    results = phones.post(visit, visit, other)

    assert [result["result"] for result in results] == ["accepted", "duplicate", "conflict"]
    assert_refused(results[2], "id_conflict", "conflict")


def test_dry_run_says_the_same_and_stores_nothing(phones: Phone) -> None:
    visit, bad = phones.visit(), envelope(ward="99999")(phones.visit())
    url = f"{REGISTRATION}/events?dry_run=true"
    headers = {"Content-Type": "application/cloudevents-batch+json", "Demo-Now": NOW.isoformat()}

    dry = phones.ask("POST", url, content=orjson.dumps([visit, bad]), headers=headers)
    wet = phones.post(visit, bad)

    assert dry.json()["results"] == wet


@pytest.mark.parametrize("asked", ["dry_run=true&dry_run=false", "dryrun=true", "dry_run=perhaps"])
def test_slip_in_what_is_asked_stores_nothing(phones: Phone, asked: str) -> None:
    visit = phones.visit()

    slip = phones.ask(
        "POST",
        f"{REGISTRATION}/events?{asked}",
        content=orjson.dumps(visit),
        headers={"Content-Type": "application/cloudevents+json", "Demo-Now": NOW.isoformat()},
    )

    assert (slip.status_code, slip.json()["code"]) == (422, "invalid_request")
    assert [result["result"] for result in phones.post(visit)] == ["accepted"]


@pytest.mark.parametrize("name", ["Content-Type", "Content-Encoding", "Device-Time"])
def test_header_that_stands_twice_is_refused(phones: Phone, name: str) -> None:
    twice = [(name, "application/cloudevents+json"), (name, "gzip")]
    first = [("Content-Type", "application/cloudevents+json")] if name != "Content-Type" else []

    answer = phones.ask(
        "POST",
        f"{REGISTRATION}/events",
        content=orjson.dumps(phones.visit()),
        headers=[*first, *twice],
    )

    assert (answer.status_code, answer.json()["code"]) == (400, "invalid_header")


async def test_signs_of_databases_and_nul_come_back_unchanged(office: Office, ward: str) -> None:
    name = "$where: {'a.b': 1} \x00 \u202e 𠮷 \\u0000 ."
    by, team = office.coordinator, an_id("team")

    by.record(by.writes(TeamFormed, ward=ward, subject=team, name=name))

    assert by.ask("GET", f"{REGISTRATION}/teams/{team}").json()["name"] == name

    def reported() -> bool:
        found = office.centre.read("reports/teams", ward=ward, by="team")
        return name in [row["group"]["codes"][0]["name"]["vi"] for row in found["rows"]]

    assert await eventually(reported)


ODD_IDS = ["x", "%00", "%ff%fe", "..%2f..", "a" * 5_000, "%0d%0aX:%201", "💥", "$where", "'\"", "%"]
PATHS = (
    ("registration", f"{REGISTRATION}/events/"),
    ("registration", f"{REGISTRATION}/teams/"),
    ("registration", f"{REGISTRATION}/citizens/"),
    ("registration", f"{REGISTRATION}/wards/"),
    ("registration", f"{REGISTRATION}/teams?after="),
    ("registration", f"{REGISTRATION}/teams?ward="),
    ("registration", f"{REGISTRATION}/devices?limit="),
    ("reporting", "/api/reporting/v1/reports/"),
    ("reporting", "/api/reporting/v1/reports/overview?ward="),
    ("reporting", "/api/reporting/v1/reports/overview?from="),
    ("reporting", "/api/reporting/v1/facts?measure=visits&cursor="),
    ("reporting", "/api/reporting/v1/facts?measure="),
    ("reporting", "/api/reporting/v1/tally?device="),
    ("notify", "/api/notify/v1/notifications/"),
    ("notify", "/api/notify/v1/notifications?cursor="),
    ("notify", "/api/notify/v1/notifications?event_id="),
)


@pytest.mark.parametrize(("service", "path"), PATHS)
@pytest.mark.parametrize("id_", ODD_IDS, ids=lambda id_: quote(id_[:12]))
def test_odd_id_is_a_problem_of_the_caller(
    office: Office, service: str, path: str, id_: str
) -> None:
    by = office.coordinator
    read = by.ask if service == "registration" else by.reads
    arguments = ("GET", path + id_) if service == "registration" else (path + id_, service)

    answer = read(*arguments)

    assert 400 <= answer.status_code < 500
    assert_problem(answer)


POSTS = ("sessions", "password", "users", "enrolments", "devices", "keys", "tokens")
BODIES = (b"", b"null", b"[]", b"{", b"\xff", b'{"a":NaN}', b"[" * 9_000, b'{"name":"\\u0000"}')


@pytest.mark.parametrize("where", POSTS)
@pytest.mark.parametrize("body", BODIES, ids=lambda body: repr(body[:9]))
def test_odd_body_is_a_problem_of_the_caller(office: Office, where: str, body: bytes) -> None:
    headers = {"Content-Type": "application/json"}

    answer = office.admin.ask("POST", f"{REGISTRATION}/{where}", content=body, headers=headers)

    assert 400 <= answer.status_code < 500
    assert_problem(answer)


HEADERS = ("Authorization", "Cookie", "traceparent", "If-None-Match", "Accept-Encoding", "X-Any")


@pytest.mark.parametrize("header", HEADERS)
@pytest.mark.parametrize("value", [b"\xff\xfe", b"\xc3(", b"Bearer \xff", b"__Host-session=\xff"])
def test_header_that_is_no_text_harms_nothing(system: Stack, header: str, value: bytes) -> None:
    for service in ("registration", "reporting", "notify"):
        list_of = {"registration": "teams", "reporting": "reports", "notify": "notifications"}
        path = f"/api/{service}/v1/{list_of[service]}"

        status, body = raw(
            system.ports[service],
            b"GET " + path.encode() + b" HTTP/1.1\r\nHost: a\r\n" + header.encode() + b": " + value,
        )

        assert status == 401
        assert orjson.loads(body)["code"] == "unauthenticated"


WIRE = {
    "a header with NUL": b"POST /api/registration/v1/events HTTP/1.1\r\nHost: a\r\nX: a\x00b",
    "two lengths": b"POST /livez HTTP/1.1\r\nContent-Length: 2\r\nContent-Length: 3",
    "a negative length": b"POST /livez HTTP/1.1\r\nContent-Length: -1",
    "a method of nobody": b"BREW /livez HTTP/1.1\r\nHost: a",
    "the bytes of TLS": b"\x16\x03\x01\x02\x00\x01\x00",
    "a path of bytes": b"GET /\xff\xfe HTTP/1.1\r\nHost: a",
}


@pytest.mark.parametrize("case", WIRE)
def test_bytes_that_are_no_http_are_a_bad_request(system: Stack, case: str) -> None:
    status, _ = raw(system.ports["registration"], WIRE[case])

    assert status == 400
    assert calls.get(f"{system.url('registration')}/livez").status_code == 200


async def test_phone_that_goes_away_while_it_sends_is_no_fault(
    phones: Phone, system: Stack
) -> None:
    head = (
        f"POST {REGISTRATION}/events HTTP/1.1\r\nHost: a\r\n"
        f"Authorization: Bearer {phones.token}\r\nContent-Length: 1000\r\n"
        "Content-Type: application/cloudevents-batch+json\r\n\r\n[{"
    )

    with socket.create_connection(("127.0.0.1", system.ports["registration"])) as connection:
        connection.sendall(head.encode())

    metrics = f"{system.url('registration')}/metrics"
    await eventually(lambda: 'events",status="499"' in calls.get(metrics).text)


def test_no_request_of_all_was_a_fault(phones: Phone, system: Stack) -> None:
    """The last of this module: what the services say of everything before."""
    phones.record(phones.visit())

    for service in system.ports:
        told = calls.get(f"{system.url(service)}/metrics").text
        assert 'status="500"' not in told
        assert "request failed" not in (system.folder / f"{service}.log").read_text()


@pytest.fixture(scope="module")
def phones(office: Office, wards: Iterator[str]) -> Iterator[Phone]:
    """One phone for all that is wrong."""
    phone = office.new_team(next(wards)).phone()
    yield phone
    phone.close()


def raw(port: int, head: bytes) -> tuple[int, bytes]:
    """Status and body of what is sent byte for byte."""
    with socket.create_connection(("127.0.0.1", port), timeout=PATIENCE_S) as connection:
        connection.sendall(head + b"\r\nConnection: close\r\n\r\n")
        answer = b""
        while part := connection.recv(65_536):
            answer += part
    return int(answer.split(b" ", 2)[1]), answer.partition(b"\r\n\r\n")[2]


def assert_refused(result: Json, code: str, kind: str = "rejected") -> None:
    """By its own code, in both languages."""
    assert (result["result"], result["code"]) == (kind, code)
    assert result["message"]["vi"]
    assert result["message"]["en"]


def assert_problem(answer: httpx.Response, code: str | None = None) -> None:
    """A problem document in both languages."""
    assert answer.headers["content-type"] == PROBLEM_MEDIA_TYPE
    found = answer.json()
    assert code in (None, found["code"]), found
    assert found["message"]["vi"]
    assert found["message"]["en"]
