"""One event from the alley to the city, on real parts and over HTTP alone."""

from datetime import UTC, datetime

import pytest

from deploy.local.settings import SERVICES
from services.events.citizens import CitizenErased, ConsentGiven
from services.events.requests import RequestReceived
from tests import calls
from tests.builders import SATURDAY, a_person, an_id, given
from tests.event_data import Json
from tests.eventually import eventually
from tests.pipeline.people import REGISTRATION, Caller, Office, Phone, hired
from tests.stack import Stack

TWO_SERVICES = [given("citizen_app"), given("cashless_payment", outcome="using")]


async def test_visit_is_in_the_overview_in_the_wards_report_and_in_the_phones_tally(
    office: Office, phone: Phone
) -> None:
    person = a_person()
    visit = phone.visit(person=person, services=TWO_SERVICES)
    knock = phone.knock(person=a_person(address="12 hẻm 3"))

    phone.record(knock, visit, phone.consent(person))

    ward = await report(office.coordinator, phone.ward, visits=1, services=2, people=1, doors=1)
    overview = await overview_of(office, phone.ward, accepted=3)
    by_the_team = office.centre.read("reports/overview", team=phone.team_id)["total"]["figures"]
    tally = phone.read("tally", device=phone.device_id)
    for figure in ("visits", "services", "people", "doors"):
        assert overview[figure] == by_the_team[figure] == ward["total"]["figures"][figure]
    assert overview["accepted"] == tally["total"]["accepted"] == 3
    assert [day["day"] for day in tally["days"]] == [SATURDAY.date().isoformat()]


async def test_every_number_of_the_wards_report_opens_down_to_its_facts(
    office: Office, phone: Phone
) -> None:
    visits = [phone.visit(person=a_person(), services=TWO_SERVICES) for _ in range(5)]
    phone.record(*visits)

    found = await report(office.centre, phone.ward, visits=5, services=10, people=5)

    opens = {info["figure"]: info["opens"] for info in found["figures"] if info["opens"]}
    rows = {
        figure: opened(office.centre, found["total"]["facts"] + opens[figure]["in_total"])
        for figure in ("visits", "services", "people")
    }
    assert {figure: sum(row["amount"] for row in of) for figure, of in rows.items()} == {
        "visits": 5,
        "services": 10,
        "people": 5,
    }
    for of in rows.values():
        assert {fact["id"] for row in of for fact in row["facts"]} == {v["id"] for v in visits}
        assert {fact["source"] for row in of for fact in row["facts"]} == {phone.source}


async def test_neighbourhood_is_shown_by_its_name(office: Office, phone: Phone) -> None:
    phone.record(phone.visit())

    def row() -> Json:
        found = office.coordinator.read("reports/ward", ward=phone.ward)
        [of_a_visit] = [row for row in found["rows"] if row["figures"]["visits"]] or [None]
        assert of_a_visit
        return dict(of_a_visit["group"])

    [coded] = (await eventually(row))["codes"]

    assert (coded["code"], coded["name"]["vi"]) == (phone.neighbourhood_id, "Khu phố 1")


async def test_what_is_older_than_true_as_of_is_in_the_figures(
    office: Office, phone: Phone
) -> None:
    phone.record(phone.visit())
    answered_at = datetime.now(UTC)

    def complete() -> Json | None:
        found = office.centre.read("reports/ward", ward=phone.ward)
        true_as_of = datetime.fromisoformat(found["true_as_of"] or "2000-01-01T00:00:00Z")
        return found if true_as_of > answered_at else None

    found = await eventually(complete)

    assert found["total"]["figures"]["visits"] == 1


async def test_duplicates_change_nothing(office: Office, phone: Phone) -> None:
    visit, last = phone.visit(person=a_person()), phone.visit(person=a_person())
    phone.record(visit)

    again = phone.post(visit, visit)
    in_one_batch = phone.post(last, last)

    assert [result["result"] for result in again] == ["duplicate", "duplicate"]
    assert [result["result"] for result in in_one_batch] == ["accepted", "duplicate"]
    await report(office.centre, phone.ward, visits=2, people=2)
    assert phone.read("tally", device=phone.device_id)["total"]["accepted"] == 2


async def test_same_id_with_other_content_is_refused_and_the_first_one_stands(
    office: Office, phone: Phone
) -> None:
    visit = phone.visit()
    phone.record(visit)

    [refused] = phone.post({**visit, "data": {**visit["data"], "services": TWO_SERVICES}})

    assert (refused["result"], refused["code"]) == ("conflict", "id_conflict")
    await report(office.centre, phone.ward, visits=1, services=1)
    await eventually(lambda: tally(phone) == {"accepted": 1, "rejected": 0, "conflicting": 1})


async def test_void_takes_a_visit_back_out_of_the_report(office: Office, phone: Phone) -> None:
    visit, other = phone.visit(person=a_person()), phone.visit(person=a_person())
    phone.record(visit, other)
    await report(office.centre, phone.ward, visits=2, people=2)

    phone.record(phone.void(visit))

    await report(office.centre, phone.ward, visits=1, people=1)
    assert phone.ask("GET", f"{REGISTRATION}/events/{visit['id']}").json()["voided"]
    assert phone.read("tally", device=phone.device_id)["total"]["accepted"] == 1


async def test_void_that_comes_before_its_visit_takes_it_back_too(
    office: Office, phone: Phone
) -> None:
    visit, other = phone.visit(), phone.visit()

    phone.record(phone.void(visit))
    phone.record(visit, other)

    await report(office.centre, phone.ward, visits=1)
    outcome = phone.ask("GET", f"{REGISTRATION}/events/{visit['id']}").json()
    assert (outcome["result"], outcome["voided"]) == ("accepted", True)


@pytest.mark.parametrize("early", [False, True])
async def test_corrected_visit_counts_once_whichever_of_the_two_comes_first(
    office: Office, phone: Phone, early: bool
) -> None:
    visit = phone.visit(person=(person := a_person()))
    right = phone.visit(person=person, services=TWO_SERVICES, envelope={"replaces": visit["id"]})
    second = phone.visit(person=person, envelope={"replaces": visit["id"]})

    for event in (right, visit) if early else (visit, right):
        phone.record(event)
    phone.post(visit, right)

    await report(office.centre, phone.ward, visits=1, services=2, people=1)
    outcome = phone.ask("GET", f"{REGISTRATION}/events/{visit['id']}").json()
    assert (outcome["voided"], outcome["replaced_by"]) == (True, right["id"])
    [refused] = phone.post(second)
    assert (refused["result"], refused["code"]) == ("rejected", "already_replaced")


async def test_citizen_who_agreed_gets_one_sms_for_a_visit_told_in_two_events(
    office: Office, phone: Phone
) -> None:
    person = a_person()
    first, second = (phone.visit(person=person, services=[given(s)]) for s in ("etax", "vssid"))

    phone.record(phone.consent(person), first, second)
    phone.post(first, second)

    told = [await notification(office, event, "accepted") for event in (first, second)]
    assert told[0] == told[1]
    [sms] = console(office, told[0]["id"])
    assert sms["to"].startswith("+84")
    assert person["phone"][1:] not in sms["to"]
    await overview_of(office, phone.ward, consents=1)


async def test_citizen_who_did_not_agree_gets_no_sms(office: Office, phone: Phone) -> None:
    visit, of_another = phone.visit(person=a_person()), a_person()
    phone.record(visit)
    phone.record(phone.consent(of_another), later := phone.visit(person=of_another))

    await notification(office, later, "accepted")
    waiting = await notification(office, visit, "deferred")

    assert waiting["reason"] == "no_consent"
    assert console(office, waiting["id"]) == []


async def test_erased_citizen_is_nobody_any_more_and_still_counted(
    office: Office, phone: Phone
) -> None:
    person = a_person()
    visit = phone.visit(person=person)
    phone.record(visit)
    waiting = await notification(office, visit, "deferred")
    citizen_id = waiting["citizen_id"]
    known = record_of(office.coordinator, citizen_id)

    erasure = {"subject": an_id("request"), "kind": "data_erasure", "person": person}
    asked = phone.writes(RequestReceived, ward=phone.ward, **erasure)
    phone.record(asked)
    await eventually(lambda: is_held_back(office, visit))
    unread = office.coordinator.ask("GET", f"{REGISTRATION}/citizens/{citizen_id}")
    named: Json = {"citizen_id": citizen_id, "request_id": asked["subject"]}
    alone = office.coordinator
    [of_one_person] = alone.post(alone.writes(CitizenErased, ward=phone.ward, **named))
    leader = {"name": an_id("lanhdao"), "role": "ward_leader", "wards": [phone.ward]}
    another = hired(office.admin, leader)
    another.record(another.writes(CitizenErased, ward=phone.ward, **named))
    another.close()

    assert unread.json()["code"] == "citizen_restricted"
    assert of_one_person["code"] == "erasure_needs_two"
    assert known["phones_end"] == [person["phone"][-3:]]
    gone = record_of(office.coordinator, citizen_id)
    assert (gone["phones_end"], gone["national_ids_end"], gone["erased"]) == ([], [], True)
    assert (await notification(office, visit, "suppressed"))["reason"] == "erased"
    [refused] = phone.post(phone.writes(ConsentGiven, ward=phone.ward, citizen_id=citizen_id))
    assert (refused["result"], refused["code"]) == ("rejected", "citizen_erased")
    await report(office.centre, phone.ward, visits=1, people=1)


@pytest.mark.parametrize("service", ["reporting", "notify"])
def test_figures_are_read_with_a_token_of_registration_and_not_without(
    office: Office, system: Stack, service: str
) -> None:
    path = {"reporting": "reports/overview", "notify": "notifications"}[service]
    url = f"{system.url(service)}/api/{service}/v1/{path}"

    without = calls.get(url)
    with_one_for_another = calls.get(
        url, headers={"Authorization": f"Bearer {office.centre.token}"}
    )

    assert (without.status_code, without.json()["code"]) == (401, "unauthenticated")
    assert with_one_for_another.status_code == 401
    assert office.centre.reads(path, service).status_code == 200


def test_phone_reads_its_own_tally_and_nothing_of_the_city(phone: Phone) -> None:
    assert phone.reads("tally", device=phone.device_id).status_code == 200
    assert phone.reads("tally", device="another-phone").status_code == 403
    assert phone.reads("reports/overview").status_code == 403


async def test_revoked_phone_hears_why_and_its_ward_admits_what_it_had_recorded(
    office: Office, phone: Phone
) -> None:
    visit = phone.visit(person=a_person())
    desk = office.coordinator
    assert desk.ask("DELETE", f"{REGISTRATION}/devices/{phone.device_id}").status_code == 204

    [refused] = phone.post(visit)
    kept = desk.ask("GET", f"{REGISTRATION}/refused-events", params={"ward": phone.ward}).json()
    desk.record(visit)

    assert (refused["result"], refused["code"]) == ("rejected", "device_revoked")
    assert [item["posted"] for item in kept["items"]] == [visit]
    await report(office.centre, phone.ward, visits=1, people=1)


async def test_nothing_personal_is_in_logs_metrics_and_answers(
    office: Office, phone: Phone, system: Stack
) -> None:
    person = a_person(name="Người Được Giúp", address="45 hẻm 678")
    visit = phone.visit(person=person)
    answers = phone.send([visit, phone.consent(person), {**visit, "hobby": person["phone"]}]).text
    await report(office.centre, phone.ward, visits=1)
    await notification(office, visit, "accepted")

    logs = [system.folder / f"{service}.log" for service in SERVICES]
    told = [path.read_text() for path in logs]
    told += [metrics(system, service) for service in SERVICES]
    told += [answers, office.centre.reads("notifications", "notify").text]
    told += [office.centre.reads("facts", measure="visits", ward=phone.ward).text]

    secrets = (person["national_id"], person["phone"], person["phone"][1:], "Người Được", "hẻm 678")
    assert [secret for secret in secrets for text in told if secret in text] == []


async def report(by: Caller, ward: str, **figures: int) -> Json:
    """The ward's report, once its total says so."""

    def said() -> Json:
        found = by.read("reports/ward", ward=ward)
        assert {name: found["total"]["figures"][name] for name in figures} == figures
        return found

    return await eventually(said)


async def overview_of(office: Office, ward: str, **figures: int) -> Json:
    """The overview's figures of a ward, once they say so."""

    def said() -> Json:
        found: Json = office.centre.read("reports/overview", ward=ward)["total"]["figures"]
        assert {name: found[name] for name in figures} == figures
        return found

    return await eventually(said)


async def notification(office: Office, event: Json, state: str) -> Json:
    """The notification of an event, once it has come that far."""

    def told() -> Json:
        [found] = _notifications(office, event)
        assert found["state"] == state, found
        return found

    return await eventually(told)


def _notifications(office: Office, event: Json) -> list[Json]:
    """What tells of the event itself, without what asks about it afterwards."""
    asked = {"event_id": event["id"]}
    answered = office.centre.read("notifications", "notify", **asked)["notifications"]
    found: list[Json] = [one for one in answered if one["about"] == "visit"]
    assert found, "not heard of yet"
    return found


def is_held_back(office: Office, event: Json) -> bool:
    """By the citizen's request."""
    [found] = _notifications(office, event)
    assert found["reason"] == "restricted", found
    return True


def console(office: Office, notification_id: str) -> list[Json]:
    """The SMS that left for a notification."""
    messages = office.centre.read("console", "notify", limit=500)["messages"]
    return [sms for sms in messages if sms["request_id"].startswith(notification_id)]


def opened(by: Caller, link: str) -> list[Json]:
    """All rows behind a number, two a page."""
    rows: list[Json] = []
    following: str | None = f"{link}&limit=2"
    while following:
        page = by.read(following)
        rows += page["rows"]
        following = page["next"]
    return rows


def metrics(system: Stack, service: str) -> str:
    """As Prometheus reads them."""
    return calls.get(f"{system.url(service)}/metrics").text


def record_of(by: Caller, citizen_id: str) -> Json:
    """What a coordinator sees of a citizen."""
    found: Json = by.ask("GET", f"{REGISTRATION}/citizens/{citizen_id}").json()
    return found


def tally(phone: Phone) -> Json:
    """What the phone is told it sent."""
    total: Json = phone.read("tally", device=phone.device_id)["total"]
    return total
