"""Citizens book into slots at a service point, and cancel."""

from datetime import datetime, timedelta

import pytest

from services.events.appointments import AppointmentBooked, AppointmentCancelled
from services.events.envelope import CITY_TIME
from services.events.service_points import SERVICE_POINTS, ServicePointClosed, ServicePointOpened
from services.registration.appointments.rules import (
    BOOKED_ALREADY,
    SLOT,
    SLOT_FULL,
    SLOT_HAS_BEGUN,
    SLOT_HOLDS,
    the_point,
)
from services.registration.subjects.belonging import OTHER_WARD
from services.registration.subjects.problems import LATER_EVENTS_FORBID, NOT_YET_KNOWN
from services.registration.subjects.reading import resource
from services.registration.subjects.subject import Reference
from tests.builders import HOA_HUNG, SATURDAY, a_person, event, posted, void
from tests.registration.deciding import after, refused
from tests.registration.intake.desk import COORDINATOR, Desk, kinds
from tests.registration.reading import client, rows_of

SUNDAY = datetime(2025, 10, 12, 8, 30, tzinfo=CITY_TIME)
LATER = SATURDAY + timedelta(hours=1)
LATER_STILL = SATURDAY + timedelta(hours=2)
FULL = [event(AppointmentBooked, citizen_id=f"citizen-{n}") for n in range(SLOT_HOLDS)]


def test_who_booked_is_expected_until_cancelling() -> None:
    booked = event(AppointmentBooked)
    of_another = event(AppointmentBooked, citizen_id="citizen-2")
    cancelled = event(AppointmentCancelled, at=LATER)

    assert after(SLOT, booked, of_another).citizen_ids == ("citizen-1", "citizen-2")
    assert after(SLOT, booked, of_another, cancelled).citizen_ids == ("citizen-2",)


def test_a_citizen_books_a_slot_once_and_again_after_cancelling() -> None:
    booked, cancelled = event(AppointmentBooked), event(AppointmentCancelled, at=LATER)

    assert refused(SLOT, booked, event(AppointmentBooked, at=LATER)) is BOOKED_ALREADY
    again = event(AppointmentBooked, at=LATER_STILL)
    assert after(SLOT, booked, cancelled, again).citizen_ids == ("citizen-1",)


def test_a_full_slot_takes_the_next_when_somebody_cancels() -> None:
    one_more = event(AppointmentBooked, citizen_id="citizen-99", at=LATER_STILL)
    cancelled = event(AppointmentCancelled, citizen_id="citizen-7", at=LATER)

    assert len(after(SLOT, *FULL).citizen_ids) == SLOT_HOLDS
    assert refused(SLOT, *FULL, one_more) is SLOT_FULL
    assert "citizen-99" in after(SLOT, *FULL, cancelled, one_more).citizen_ids


def test_only_who_is_booked_cancels_and_a_booking_under_way_is_waited_for() -> None:
    cancelled = event(AppointmentCancelled, at=LATER)
    of_another = event(AppointmentBooked, citizen_id="citizen-2")

    assert refused(SLOT, cancelled) is NOT_YET_KNOWN
    assert refused(SLOT, of_another, cancelled) is NOT_YET_KNOWN
    assert NOT_YET_KNOWN.retryable


def test_a_booking_that_was_cancelled_is_not_voided_under_the_cancellation() -> None:
    booked, cancelled = event(AppointmentBooked), event(AppointmentCancelled, at=LATER)

    assert refused(SLOT, booked, cancelled, void(booked, at=LATER_STILL)) is LATER_EVENTS_FORBID


@pytest.mark.parametrize("minutes", [0, 1])
def test_nothing_is_booked_once_the_slot_has_begun(minutes: int) -> None:
    late = event(AppointmentBooked, at=SUNDAY + timedelta(minutes=minutes))

    assert refused(SLOT, late) is SLOT_HAS_BEGUN


def test_a_slot_stays_in_the_ward_of_its_first_booking() -> None:
    elsewhere = event(AppointmentBooked, citizen_id="citizen-2", ward=HOA_HUNG, at=LATER)

    assert refused(SLOT, event(AppointmentBooked), elsewhere) is OTHER_WARD


def test_a_slot_is_its_point_and_its_minute_in_the_city_wherever_the_clock_stood() -> None:
    in_utc = event(AppointmentBooked, starts_at="2025-10-12T01:30:20Z").data

    assert in_utc.slot_id == "point-1-20251012t0830"
    assert list(the_point(event(AppointmentBooked, starts_at="2025-10-11T20:00:00Z"))) == [
        Reference((SERVICE_POINTS,), "point-1", "/data/service_point_id", SUNDAY.date())
    ]


async def a_point(*more: dict[str, object]) -> Desk:
    desk = Desk()
    results = await desk.post(posted(ServicePointOpened), *more, by=COORDINATOR)
    assert set(kinds(results)) == {"accepted"}
    return desk


async def test_a_person_books_at_a_known_point_and_the_slot_is_named_for_the_poster() -> None:
    desk = await a_point()
    somebody = a_person()

    results = await desk.post(
        posted(AppointmentBooked, person=somebody),
        posted(AppointmentBooked, person=somebody, at=LATER),
        by=COORDINATOR,
    )

    assert kinds(results) == ["accepted", "booked_already"]
    assert ("appointment", "point-1-20251012t0830") in desk.rows.rows


async def test_nothing_is_booked_at_an_unknown_point() -> None:
    [result] = await Desk().post(posted(AppointmentBooked), by=COORDINATOR)

    assert (result.code, result.retryable) == ("not_yet_known", True)


async def test_nothing_is_booked_at_a_point_that_closed_before_that_day() -> None:
    desk = await a_point(posted(ServicePointClosed, at=LATER))
    today = (SATURDAY + timedelta(hours=8)).isoformat()

    results = await desk.post(
        posted(AppointmentBooked, starts_at=today), posted(AppointmentBooked), by=COORDINATOR
    )

    assert kinds(results) == ["accepted", "no_longer_stands"]


@pytest.mark.parametrize("starts_at", ["9999-12-31T23:59:00Z", "0001-01-01T00:00:00+14:00"])
async def test_a_time_at_the_ends_of_the_calendar_is_no_slot(starts_at: str) -> None:
    desk = await a_point()

    [result] = await desk.post(posted(AppointmentBooked, starts_at=starts_at), by=COORDINATOR)

    assert (result.code, result.pointer) == ("invalid_value", "/data/starts_at")


async def test_a_slot_is_read_with_how_many_are_expected_and_never_who() -> None:
    rows = rows_of((SLOT, event(AppointmentBooked), event(AppointmentBooked, citizen_id="c-2")))

    async with client(resource(rows, SLOT)) as http:
        slot = (await http.get("/appointments/point-1-20251012t0830")).json()
        listed = (await http.get("/appointments")).json()

    assert slot["booked"] == 2
    assert "citizen" not in str(slot)
    assert listed["items"] == [slot]
