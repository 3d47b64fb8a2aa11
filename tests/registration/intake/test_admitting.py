"""A ward admits what its devices could not record any more."""

from dataclasses import dataclass

import orjson
import pytest

from services.events.assistance import CitizenAssisted
from services.events.corrections import EventVoided
from services.events.envelope import Event
from services.platform.problems import ProblemKind
from services.registration.intake.problems import BEFORE_ENROLMENT, BEFORE_TEAM
from services.registration.intake.subject import Refusal
from tests.builders import HOA_HUNG, OFFICE, PHONE, a_person, an_event_id, event, posted
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
