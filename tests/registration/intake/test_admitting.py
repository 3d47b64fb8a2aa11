"""A ward admits what its devices could not record any more."""

from dataclasses import dataclass

import orjson
import pytest

from services.events.assistance import CitizenAssisted
from services.events.citizens import ConsentGiven
from services.events.corrections import EventVoided
from services.events.envelope import Event
from services.events.households import HouseholdVisited
from services.events.requests import RequestReceived
from services.platform.problems import ProblemKind
from services.registration.intake.problems import BEFORE_ENROLMENT, BEFORE_TEAM
from services.registration.subjects.problems import Refusal
from tests.builders import CHO_LON, HOA_HUNG, OFFICE, PHONE, a_person, an_event_id, event, posted
from tests.registration.intake.desk import COORDINATOR, VOLUNTEER, Desk, Poster, kinds

ELSEWHERE = Poster(wards=frozenset({HOA_HUNG}))


@dataclass(frozen=True)
class Clockless(Poster):
    """A phone whose clock shows a time at which there was no such phone, or no such team."""

    why: ProblemKind = BEFORE_ENROLMENT

    def covers(self, event: Event) -> bool:
        raise Refusal(self.why, "/time")


async def test_ward_admits_a_visit_that_its_device_could_not_record() -> None:
    desk = Desk()
    visit = posted(CitizenAssisted, person=a_person(), envelope={"source": PHONE})
    refused = await desk.post(visit, by=ELSEWHERE)

    admitted = await desk.post(visit, by=COORDINATOR)
    again = await desk.post(visit, by=ELSEWHERE)

    assert kinds(refused) == ["out_of_scope"]
    assert kinds(admitted) == ["accepted"]
    assert kinds(again) == ["duplicate"]
    stored = (await desk.stored(visit["id"])).event
    [(refusal, _)] = desk.kept.bodies.values()
    assert stored.source == PHONE
    assert stored.admittedby == f"{OFFICE}?refusal={refusal.id}"
    assert stored.recorded_by == OFFICE


async def test_device_admits_nothing_of_another() -> None:
    visit = posted(CitizenAssisted, envelope={"source": "/device/phone-2"})

    assert kinds(await Desk().post(visit, by=VOLUNTEER)) == ["wrong_source"]


@pytest.mark.parametrize("by", [VOLUNTEER, COORDINATOR], ids=["another phone", "the ward itself"])
async def test_ward_admits_nothing_that_others_posted_in_a_devices_name(by: Poster) -> None:
    desk = Desk()
    visit = posted(CitizenAssisted, envelope={"source": "/device/phone-2"})
    refused = await desk.post(visit, by=by)

    admitted = await desk.post(visit, by=COORDINATOR)

    assert kinds(refused) != ["accepted"]
    assert kinds(admitted) == ["nothing_to_admit"]


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


@pytest.mark.parametrize("kind", [BEFORE_ENROLMENT, BEFORE_TEAM])
async def test_ward_admits_nothing_from_before_there_was_its_device_or_team(
    kind: ProblemKind,
) -> None:
    desk = Desk()
    visit = posted(CitizenAssisted, envelope={"source": PHONE})
    await desk.post(visit, by=Clockless(why=kind))

    admitted = await desk.post(visit, by=COORDINATOR)
    tried = await desk.send(orjson.dumps([visit]), COORDINATOR, dry=True)

    assert kinds(admitted) == kinds(tried) == [kind.code]
    assert not desk.log.entries.get(visit["id"])


async def test_ward_records_anew_what_a_wrong_clock_spoiled() -> None:
    desk = Desk()
    visit = posted(CitizenAssisted, envelope={"source": PHONE})
    await desk.post(visit, by=Clockless(why=BEFORE_ENROLMENT))

    told = {"id": an_event_id(), "source": OFFICE, "replaces": visit["id"]}
    results = await desk.post({**visit, **told}, by=COORDINATOR)

    assert kinds(results) == ["accepted"]


@pytest.mark.parametrize(
    "event_class", [CitizenAssisted, HouseholdVisited, ConsentGiven, RequestReceived]
)
@pytest.mark.parametrize("source", [PHONE, "/device/invented", "/device/of-another-ward"])
async def test_ward_records_nothing_in_the_name_of_a_device_that_was_refused_nothing(
    event_class: type[Event], source: str
) -> None:
    desk = Desk()

    [result] = await desk.post(posted(event_class, envelope={"source": source}), by=COORDINATOR)

    assert (result.code, result.pointer) == ("nothing_to_admit", "/source")
    assert desk.log.entries.keys() == {e.id for e in desk.published()}
    assert all(e.source == "/registration" for e in desk.published())


async def test_ward_admits_what_was_said_and_nothing_else() -> None:
    desk = Desk()
    visit = posted(CitizenAssisted, envelope={"source": PHONE})
    await desk.post(visit, by=ELSEWHERE)
    changed = {**visit, "data": {**visit["data"], "channel": "phone"}}
    of_another = {**visit, "source": "/device/phone-2"}
    under_another_id = {**visit, "id": an_event_id()}

    results = await desk.post(changed, of_another, under_another_id, by=COORDINATOR)

    assert kinds(results) == ["nothing_to_admit"] * 3


async def test_ward_admits_nothing_that_another_ward_was_told() -> None:
    desk = Desk()
    visit = posted(CitizenAssisted, envelope={"source": PHONE}, channel="home")
    await desk.post(visit, by=ELSEWHERE)
    changed = {**visit, "data": {**visit["data"], "channel": "phone"}}
    right = {**changed, "replaces": visit["id"], "id": an_event_id()}

    assert kinds(await desk.post(right, by=COORDINATOR)) == ["nothing_to_admit"]


async def test_ward_puts_right_in_a_devices_name_what_that_was_refused() -> None:
    desk = Desk()
    wrong = posted(CitizenAssisted, envelope={"source": PHONE}, ward=HOA_HUNG)
    await desk.post(wrong, by=VOLUNTEER)
    right = {**wrong, "ward": CHO_LON, "id": an_event_id(), "replaces": wrong["id"]}
    of_another_type = posted(HouseholdVisited, envelope={"source": PHONE, "replaces": wrong["id"]})

    assert kinds(await desk.post(of_another_type, by=COORDINATOR)) == ["nothing_to_admit"]
    assert kinds(await desk.post(right, by=COORDINATOR)) == ["accepted"]
    assert (await desk.stored(right["id"])).event.recorded_by == OFFICE


async def test_nobody_says_themselves_that_they_were_admitted() -> None:
    told = {"admittedby": f"{OFFICE}?refusal=01990000-0000-8000-8000-000000000001"}

    [result] = await Desk().post(posted(CitizenAssisted, envelope=told))

    assert (result.code, result.pointer) == ("unknown_field", "/admittedby")
