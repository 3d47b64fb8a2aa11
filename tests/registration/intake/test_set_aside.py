"""A detail in doubt does not refuse the event that it hangs on; the poster hears of it."""

from typing import Any

import orjson
import pytest

from services.events.assistance import CitizenAssisted
from services.events.citizens import ConsentGiven
from services.events.households import HouseholdVisited
from services.events.signatures import SignatureIssued
from services.registration.intake.results import Result, ResultKind
from tests.builders import a_person, a_phone, posted
from tests.registration.intake.desk import Desk, kinds


@pytest.fixture
def desk() -> Desk:
    return Desk()


def set_aside(result: Result) -> list[tuple[str, str]]:
    return [(detail.code, detail.pointer) for detail in result.set_aside]


@pytest.mark.parametrize(
    "written", ["0281234567", "123", "hỏi con gái", "0900OOO001", "không có", "0" * 60]
)
@pytest.mark.parametrize("owner", ["relative", "none"])
async def test_number_that_is_not_their_own_refuses_nothing(
    desk: Desk, written: str, owner: str
) -> None:
    person = a_person(phone=written, phone_owner=owner)

    [result] = await desk.post(posted(CitizenAssisted, person=person))

    assert result.result is ResultKind.ACCEPTED
    assert set_aside(result) == [("phone_set_aside", "/data/person/phone")]


@pytest.mark.parametrize(
    ("field", "written", "code"),
    [
        ("phone", "không có", "phone_set_aside"),
        ("phone", "0999999999", "phone_set_aside"),
        ("national_id", "không có", "national_id_set_aside"),
        ("national_id", "000000000000", "national_id_set_aside"),
        ("national_id", "123456789012", "national_id_set_aside"),
        ("address", "không rõ", "address_set_aside"),
        ("address", "?", "address_set_aside"),
    ],
)
async def test_what_says_nothing_refuses_nothing(
    desk: Desk, field: str, written: str, code: str
) -> None:
    [result] = await desk.post(posted(CitizenAssisted, person=a_person(**{field: written})))

    assert (result.result, set_aside(result)) == (
        ResultKind.ACCEPTED,
        [(code, f"/data/person/{field}")],
    )


async def test_visit_of_a_household_needs_no_ones_phone(desk: Desk) -> None:
    person = {"phone": "123", "phone_owner": "self", "address": "12 Lê Lai"}

    [result] = await desk.post(posted(HouseholdVisited, person=person))

    assert (result.result, len(result.set_aside)) == (ResultKind.ACCEPTED, 1)


async def test_certificate_that_has_no_number_is_none(desk: Desk) -> None:
    issued = posted(SignatureIssued, person=a_person(certificate_serial="không có"))

    [result] = await desk.post(issued)

    stored = (await desk.stored(result.id)).event
    assert set_aside(result) == [("certificate_set_aside", "/data/person/certificate_serial")]
    assert isinstance(stored, SignatureIssued)
    assert stored.data.certificate is None


@pytest.mark.parametrize(
    ("person", "code"),
    [
        ({"phone": "0900OOO001", "phone_owner": "self"}, "phone_malformed"),
        ({"phone": "0901234 Lan", "phone_owner": "self"}, "phone_malformed"),
        ({"national_id": "123"}, "national_id_malformed"),
    ],
)
async def test_what_tells_who_it_was_is_refused_where_it_is_wrong(
    desk: Desk, person: dict[str, Any], code: str
) -> None:
    results = await desk.post(posted(CitizenAssisted, person=person))

    assert kinds(results) == [code]


@pytest.mark.parametrize("address", ["không có", "?", "không rõ"])
async def test_visited_household_has_an_address(desk: Desk, address: str) -> None:
    results = await desk.post(posted(HouseholdVisited, person={"address": address}))

    assert kinds(results) == ["address_malformed"]


async def test_consent_of_nobody_is_refused(desk: Desk) -> None:
    [result] = await desk.post(
        posted(ConsentGiven, person={"national_id": "000000000000"}, purposes=["visit"])
    )

    assert (result.code, result.pointer) == ("missing_field", "/data/citizen_id")


async def test_repeated_event_hears_the_same_again(desk: Desk) -> None:
    event = posted(CitizenAssisted, person=a_person(phone="không có"))

    first, second = [(await desk.post(event))[0] for _ in range(2)]

    assert second.result is ResultKind.DUPLICATE
    assert first.set_aside == second.set_aside


async def test_answer_holds_nothing_that_was_told(desk: Desk) -> None:
    number = a_phone()[:-1]
    [result] = await desk.post(
        posted(CitizenAssisted, person=a_person(phone=number, phone_owner="relative"))
    )

    said = orjson.dumps(result.document()).decode()

    assert number not in said
    assert '"code":"phone_set_aside"' in said


async def test_twenty_doors_with_a_filled_in_number_are_not_one_person(desk: Desk) -> None:
    events = [
        posted(CitizenAssisted, person=a_person(national_id="000000000000")) for _ in range(20)
    ]

    results = await desk.post(*events)

    stored = [(await desk.stored(result.id)).event for result in results]
    citizens = {one.data.citizen_id for one in stored if isinstance(one, CitizenAssisted)}
    assert len(citizens) == 20


async def test_person_of_whom_only_fillers_are_told_is_nobody(desk: Desk) -> None:
    person = {"national_id": "111111111111", "phone": "không có", "phone_owner": "self"}

    [result] = await desk.post(posted(CitizenAssisted, person=person))

    stored = (await desk.stored(result.id)).event
    assert isinstance(stored, CitizenAssisted)
    assert stored.data.citizen_id is None
    assert len(result.set_aside) == 2
