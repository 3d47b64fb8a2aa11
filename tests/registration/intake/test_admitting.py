"""A ward admits what its devices could not record any more."""

from services.events.assistance import CitizenAssisted
from services.events.corrections import EventVoided
from tests.builders import HOA_HUNG, PHONE, a_person, event, posted
from tests.registration.intake.desk import COORDINATOR, VOLUNTEER, Desk, Poster, kinds

ELSEWHERE = Poster(wards=frozenset({HOA_HUNG}))


async def test_ward_admits_a_visit_that_its_device_could_not_record() -> None:
    desk = Desk()
    visit = posted(CitizenAssisted, person=a_person(), envelope={"source": PHONE})
    refused = await desk.post(visit, by=ELSEWHERE)

    admitted = await desk.post(visit, by=COORDINATOR)
    again = await desk.post(visit, by=ELSEWHERE)

    assert kinds(refused) == ["out_of_scope"]
    assert kinds(admitted) == ["accepted"]
    assert kinds(again) == ["duplicate"]
    assert (await desk.stored(visit["id"])).source == PHONE


async def test_device_admits_nothing_of_another() -> None:
    visit = posted(CitizenAssisted, envelope={"source": "/device/phone-2"})

    assert kinds(await Desk().post(visit, by=VOLUNTEER)) == ["wrong_source"]


async def test_ward_voids_in_its_own_name_alone() -> None:
    """Else it could void a visit of another ward, as the device that recorded it."""
    desk = Desk()
    visit = event(CitizenAssisted, ward=HOA_HUNG)
    await desk.post(visit, by=ELSEWHERE)

    void = posted(
        EventVoided,
        envelope={"source": PHONE},
        event_id=visit.id,
        target_type=visit.type,
    )

    assert kinds(await desk.post(void, by=COORDINATOR)) == ["wrong_source"]
