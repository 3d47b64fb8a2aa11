"""Requests are received and closed once, and do not wait for one person alone."""

from datetime import date, datetime, timedelta
from typing import Any

import httpx
import pytest

from services.events.citizens import CitizenErased
from services.events.codes import RequestKind
from services.events.envelope import CITY_TIME
from services.events.requests import RequestClosed, RequestReceived
from services.registration.access.actor import AnyActor
from services.registration.citizens.rules import CITIZEN
from services.registration.requests import api as requests
from services.registration.requests.deadlines import working_days_later
from services.registration.requests.rules import (
    CITIZEN_NEEDED,
    OTHER_REQUEST,
    REQUEST,
    REQUEST_CLOSED,
    REQUEST_KNOWN,
)
from services.registration.requests.waiting import ALARMING, UNCONFIRMED, Waiting
from services.registration.subjects.actor import Role
from services.registration.subjects.belonging import OTHER_WARD
from services.registration.subjects.problems import NOT_YET_KNOWN
from tests.builders import HOA_HUNG, OFFICE, SATURDAY, event, void
from tests.event_data import Json
from tests.registration.deciding import after, refused
from tests.registration.intake.actors import an_actor
from tests.registration.reading import client, ids, rows_of

LATER = SATURDAY + timedelta(hours=1)
ERASURE: Json = {"kind": "data_erasure", "citizen_id": "citizen-1"}
RECEIVED = event(RequestReceived, **ERASURE)
CLOSED = event(RequestClosed, at=LATER, outcome="refused", **ERASURE)


def test_a_request_is_received_once_and_closed_once() -> None:
    assert refused(REQUEST, RECEIVED, event(RequestReceived, at=LATER, **ERASURE)) is REQUEST_KNOWN
    assert refused(REQUEST, CLOSED) is NOT_YET_KNOWN
    again = event(RequestClosed, at=LATER + timedelta(hours=1), **ERASURE)
    assert refused(REQUEST, RECEIVED, CLOSED, again) is REQUEST_CLOSED
    assert after(REQUEST, RECEIVED, CLOSED, void(CLOSED)).closed_on is None


@pytest.mark.parametrize("kind", [kind for kind in RequestKind if kind.is_a_data_right])
def test_whoever_asks_for_their_data_is_named_by_an_id(kind: RequestKind) -> None:
    unnamed = event(RequestReceived, kind=kind.value, citizen_id=None)

    assert refused(REQUEST, unnamed) is CITIZEN_NEEDED


def test_who_asks_for_help_need_not_be_known() -> None:
    assert after(REQUEST, event(RequestReceived, kind="help", citizen_id=None)).citizen_id is None


@pytest.mark.parametrize("other", [{"citizen_id": "citizen-2"}, {"kind": "data_access"}])
def test_a_request_is_closed_as_it_was_received(other: dict[str, Any]) -> None:
    assert (
        refused(REQUEST, RECEIVED, event(RequestClosed, at=LATER, **ERASURE | other))
        is OTHER_REQUEST
    )


def test_a_request_is_closed_in_its_own_ward() -> None:
    elsewhere = event(RequestClosed, at=LATER, ward=HOA_HUNG, **ERASURE)

    assert refused(REQUEST, RECEIVED, elsewhere) is OTHER_WARD


def test_who_received_it_is_who_recorded_it() -> None:
    admission = f"{OFFICE}?refusal=01990000-0000-8000-8000-000000000001"
    for_a_device = {"source": "/device/phone-1", "admittedby": admission}

    assert after(REQUEST, RECEIVED).received_by == OFFICE
    admitted_later = event(RequestReceived, envelope=for_a_device, **ERASURE)
    assert after(REQUEST, admitted_later).received_by == OFFICE


@pytest.mark.parametrize(
    ("kind", "outcome", "restricts"),
    [
        ("data_erasure", "refused", False),
        ("data_restriction", "withdrawn", False),
        ("data_restriction", "done", True),
    ],
)
def test_only_a_restriction_that_was_granted_outlasts_its_request(
    kind: str, outcome: str, *, restricts: bool
) -> None:
    asked = ERASURE | {"kind": kind}
    received = event(RequestReceived, **asked)
    closed = event(RequestClosed, at=LATER, outcome=outcome, **asked)

    assert after(REQUEST, received).restricts
    assert after(REQUEST, received, closed).restricts == restricts


@pytest.mark.parametrize(
    ("day", "later"),
    [("2025-10-11", "2025-10-15"), ("2025-10-13", "2025-10-16"), ("2025-10-16", "2025-10-21")],
)
def test_working_days_leave_weekends_out(day: str, later: str) -> None:
    assert working_days_later(date.fromisoformat(day), 3) == date.fromisoformat(later)


def waiting(on: str, *more: object) -> Waiting:
    now = datetime.fromisoformat(f"{on}T09:00:00+07:00").astimezone(CITY_TIME)
    return Waiting(rows_of((REQUEST, RECEIVED), *more), lambda: now)  # type: ignore[arg-type]


async def listed(waits: Waiting, by: AnyActor, **asked: str) -> httpx.Response:
    async def staff() -> AnyActor:
        return by

    async with client(requests.router(waits, staff)) as http:  # type: ignore[arg-type]
        return await http.get("/open-requests", params=asked)


async def test_an_erasure_left_for_three_working_days_stands_on_the_centres_list() -> None:
    centre = an_actor(Role.CENTRE)

    in_time = (await listed(waiting("2025-10-15"), centre, centre="true")).json()["items"]
    late = (await listed(waiting("2025-10-16"), centre, centre="true")).json()["items"]

    assert (ids(in_time), ids(late)) == ([], ["request-1"])
    assert (late[0]["is_the_centres"], late[0]["is_alarming"]) == (True, False)


async def test_a_request_of_fifteen_days_alarms() -> None:
    await waiting("2025-10-25").show()
    in_time = (ALARMING._value.get(), UNCONFIRMED._value.get())
    await waiting("2025-10-26").show()
    late = (ALARMING._value.get(), UNCONFIRMED._value.get())

    assert (in_time, late) == ((0, 1), (1, 1))


async def test_an_erasure_ends_its_request() -> None:
    erased = (CITIZEN, event(CitizenErased, at=LATER))

    answer = await listed(waiting("2025-10-26", erased), an_actor(Role.CENTRE))

    assert answer.json()["items"] == []


async def test_a_ward_reads_what_it_is_asked_and_an_administrator_nothing() -> None:
    waits = waiting("2025-10-13")

    own = await listed(waits, an_actor(Role.WARD))
    of_another = await listed(waits, an_actor(Role.WARD, HOA_HUNG))
    asked_for_another = await listed(waits, an_actor(Role.WARD), ward=HOA_HUNG)
    administrators = await listed(waits, an_actor(Role.ADMIN))

    assert ids(own.json()["items"]) == ["request-1"]
    assert of_another.json()["items"] == administrators.json()["items"] == []
    assert asked_for_another.status_code == 403
