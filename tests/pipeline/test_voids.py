"""A void undoes what its target did, on real parts and over HTTP alone."""

from datetime import timedelta

from services.events.citizens import CitizenMerged, ConsentWithdrawn
from tests.builders import SATURDAY, a_person
from tests.event_data import Json
from tests.eventually import eventually
from tests.pipeline.people import Office, Phone
from tests.pipeline.test_event_to_report import console, notification, record_of

JUST_AFTER = SATURDAY + timedelta(minutes=1)


async def test_no_sms_leaves_on_a_consent_that_was_voided_before_it_was_due(
    office: Office, phone: Phone
) -> None:
    person, agreeing = a_person(), a_person()
    consent, visit = phone.consent(person), phone.visit(person=person)
    phone.record(consent)
    phone.record(phone.void(consent))

    phone.record(visit)
    phone.record(phone.consent(agreeing), later := phone.visit(person=agreeing))

    await notification(office, later, "accepted")
    waiting = await notification(office, visit, "deferred")
    assert waiting["reason"] == "no_consent"
    assert console(office, waiting["id"]) == []


async def test_sms_leaves_once_the_withdrawal_is_voided(office: Office, phone: Phone) -> None:
    person = a_person()
    visit = phone.visit(person=person)
    withdrawal = phone.writes(ConsentWithdrawn, ward=phone.ward, person=person, at=JUST_AFTER)
    phone.record(phone.consent(person), withdrawal)
    phone.record(visit)
    held_back = await notification(office, visit, "suppressed")

    phone.record(phone.void(withdrawal))

    assert held_back["reason"] == "consent_withdrawn"
    sent = await notification(office, visit, "accepted")
    assert len(console(office, sent["id"])) == 1


async def test_both_are_told_once_their_merger_is_voided(office: Office, phone: Phone) -> None:
    people, by = [a_person(), a_person()], office.coordinator
    visits = [phone.visit(person=person) for person in people]
    phone.record(*visits)
    waiting = [await notification(office, visit, "deferred") for visit in visits]
    stays, ends = (one["citizen_id"] for one in waiting)
    merger = by.writes(CitizenMerged, ward=phone.ward, citizen_id=stays, merged_id=ends)
    by.record(merger)
    await eventually(lambda: len(record_of(by, stays)["phones_end"]) == 2)
    phone.record(phone.consent(people[0]))
    told = await eventually(lambda: states_of(office, visits, {"accepted", "suppressed"}))

    by.record(by.void(merger))
    await eventually(lambda: record_of(by, ends).get("phones_end"))
    phone.record(phone.consent(people[1]))

    assert "same_visit" in {one["reason"] for one in told}
    each = [await notification(office, visit, "accepted") for visit in visits]
    assert [one["citizen_id"] for one in each] == [stays, ends]
    assert [len(console(office, one["id"])) for one in each] == [1, 1]


def states_of(office: Office, visits: list[Json], states: set[str]) -> list[Json] | None:
    """What tells of the visits, once they stand so."""
    asked = [office.centre.read("notifications", "notify", event_id=v["id"]) for v in visits]
    found = [one for page in asked for one in page["notifications"] if one["about"] == "visit"]
    return found if {one["state"] for one in found} == states else None
