"""From a citizen's answer to the ward's task and its end, on real parts and over HTTP alone."""

from services.events.disputes import DisputeResolved
from tests import calls
from tests.builders import a_person
from tests.event_data import Json
from tests.eventually import eventually
from tests.pipeline.conftest import RECEIPTS_SECRET
from tests.pipeline.people import Caller, Office, Phone
from tests.pipeline.test_event_to_report import notification
from tests.stack import Stack


async def test_citizen_who_was_not_helped_gives_the_ward_a_task_until_it_is_resolved(
    system: Stack, office: Office, phone: Phone
) -> None:
    person, ward = a_person(), office.coordinator
    visit = phone.visit(person=person)
    phone.record(phone.consent(person), visit)
    sms = await notification(office, visit, "accepted")

    answer(system, person, "2")

    [task] = await tasks(ward, phone.ward, 1)
    assert (task["event_id"], task["notification_id"]) == (visit["id"], sms["id"])
    assert (task["kind"]["code"], task["disputed"]["type"]) == ("not_helped", visit["type"])
    await eventually(lambda: is_reported(office, phone.ward))

    ward.record(ward.writes(DisputeResolved, ward=phone.ward, event_id=visit["id"]))

    await tasks(ward, phone.ward, 0)


async def test_voiding_what_a_citizen_disputed_ends_the_task(
    system: Stack, office: Office, phone: Phone
) -> None:
    person, ward = a_person(), office.coordinator
    visit = phone.visit(person=person)
    phone.record(phone.consent(person), visit)
    await notification(office, visit, "accepted")
    answer(system, person, "3")
    await tasks(ward, phone.ward, 1)

    ward.record(ward.void(visit, reason="wrong_person"))

    await tasks(ward, phone.ward, 0)


def is_reported(office: Office, ward: str) -> bool:
    """The SMS and what was disputed."""
    figures = office.centre.read("reports/notifications", ward=ward)["total"]["figures"]
    assert figures["disputed_not_helped"] == 1
    return bool(figures["segments"] >= 1)


def answer(system: Stack, person: Json, text: str) -> None:
    """The provider tells what somebody wrote to our number."""
    told = calls.post(
        f"{system.url('notify')}/api/notify/v1/replies",
        headers={"Authorization": f"Bearer {RECEIPTS_SECRET}"},
        json={"message_id": f"reply-of-{person['phone']}", "from": person["phone"], "text": text},
    )
    assert told.status_code == 204, told.text


async def tasks(by: Caller, ward: str, count: int) -> list[Json]:
    """The ward's open disputes, once there are so many."""

    def listed() -> Json:
        page = by.read("worklists/disputes", ward=ward)
        assert len(page["rows"]) == count
        return page

    rows: list[Json] = (await eventually(listed))["rows"]
    return rows
