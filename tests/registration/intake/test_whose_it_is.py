"""What an event is about decides whose it is, whatever ward its poster writes."""

from typing import Any

import pytest

from services.events.appointments import AppointmentBooked
from services.events.assistance import CitizenAssisted
from services.events.citizens import CitizenErased, CitizenMerged, ConsentGiven, ConsentWithdrawn
from services.events.disputes import DisputeResolved
from services.events.neighbourhoods import NeighbourhoodRegistered
from services.events.requests import RequestClosed, RequestReceived
from services.events.service_points import ServicePointOpened
from services.events.teams import TeamDeployed, TeamFormed
from services.registration.access.actor import AnyActor
from services.registration.intake.draft import Upload
from services.registration.subjects.actor import Role
from tests.builders import CHO_LON, HOA_HUNG, a_national_id, a_person, a_phone, posted
from tests.event_data import Json
from tests.registration.intake.actors import an_actor
from tests.registration.intake.desk import Desk, kinds

WARD = an_actor(Role.WARD)
LEADER = an_actor(Role.WARD_LEADER)
OTHER = an_actor(Role.WARD, HOA_HUNG)
CENTRE = an_actor(Role.CENTRE)
PHONE = an_actor(Role.VOLUNTEER)
OTHER_PHONE = an_actor(Role.VOLUNTEER, HOA_HUNG)
ERASURE = {"kind": "data_erasure"}


async def said(desk: Desk, event_class: type[Any], by: AnyActor, **told: Any) -> str:
    """What the poster hears of an event of its own."""
    told.setdefault("ward", CHO_LON)
    event = posted(event_class, envelope={"source": by.source}, **told)
    return kinds(await desk.post(event, by=by))[0]


async def a_citizen(desk: Desk, person: Json, by: AnyActor = PHONE, ward: str = CHO_LON) -> str:
    """Met at a door of that ward."""
    visit = posted(CitizenAssisted, ward=ward, person=person, envelope={"source": by.source})
    assert kinds(await desk.post(visit, by=by)) == ["accepted"]
    return str((await desk.stored(visit["id"])).event.data.citizen_id)  # type: ignore[attr-defined]


async def asked_for(desk: Desk, citizen: str, by: AnyActor = LEADER, **told: Any) -> str:
    return await said(desk, RequestReceived, by, citizen_id=citizen, **ERASURE | told)


class TestACitizen:
    @pytest.mark.parametrize("event_class", [ConsentGiven, ConsentWithdrawn, RequestReceived])
    async def test_of_another_ward_is_not_spoken_for_by_id(self, event_class: type[Any]) -> None:
        desk = Desk()
        citizen = await a_citizen(desk, a_person(), OTHER_PHONE, HOA_HUNG)

        assert await said(desk, event_class, WARD, citizen_id=citizen) == "other_ward"
        assert await said(desk, event_class, OTHER, citizen_id=citizen, ward=HOA_HUNG) == "accepted"

    @pytest.mark.parametrize("event_class", [ConsentGiven, ConsentWithdrawn, RequestReceived])
    @pytest.mark.parametrize("known_by", ["phone", "national_id"])
    async def test_of_another_ward_is_not_spoken_for_by_number(
        self, event_class: type[Any], known_by: str
    ) -> None:
        desk, person = Desk(), a_person()
        await a_citizen(desk, person, OTHER_PHONE, HOA_HUNG)
        number = {"phone_owner": "self", known_by: person[known_by]}

        assert await said(desk, event_class, WARD, person=number) == "other_ward"

    async def test_is_not_made_ones_own_by_what_an_office_writes(self) -> None:
        """Neither by a visit that it records itself, nor by a number that it adds."""
        desk, person = Desk(), a_person()
        citizen = await a_citizen(desk, person, OTHER_PHONE, HOA_HUNG)
        more = {**person, "phone": a_phone()}

        await said(desk, CitizenAssisted, WARD, person=person)
        await said(desk, CitizenAssisted, WARD, person=more)

        assert await said(desk, ConsentGiven, WARD, citizen_id=citizen) == "other_ward"

    async def test_is_of_every_ward_in_which_somebody_at_the_door_met_them(self) -> None:
        desk, person = Desk(), a_person()
        citizen = await a_citizen(desk, person, OTHER_PHONE, HOA_HUNG)
        await a_citizen(desk, person, PHONE)

        assert await said(desk, ConsentGiven, WARD, citizen_id=citizen) == "accepted"
        assert (
            await said(desk, ConsentGiven, OTHER, citizen_id=citizen, ward=HOA_HUNG) == "accepted"
        )

    async def test_whom_nobody_knew_is_of_the_office_that_tells_of_them(self) -> None:
        desk, person = Desk(), a_person(national_id=None)
        await said(desk, ConsentGiven, WARD, person=person)

        assert await said(desk, ConsentWithdrawn, WARD, person=person) == "accepted"
        assert (
            await said(desk, ConsentWithdrawn, OTHER, person=person, ward=HOA_HUNG) == "other_ward"
        )

    async def test_at_the_door_may_agree_wherever_they_were_met_before(self) -> None:
        desk, person = Desk(), a_person()
        await a_citizen(desk, person, OTHER_PHONE, HOA_HUNG)

        assert await said(desk, ConsentGiven, PHONE, person=person) == "accepted"

    async def test_is_merged_by_a_ward_that_met_both_or_by_the_centre(self) -> None:
        desk = Desk()
        own = await a_citizen(desk, a_person())
        other = await a_citizen(desk, a_person(), OTHER_PHONE, HOA_HUNG)

        for stays, ends in ((own, other), (other, own)):
            told = {"citizen_id": stays, "merged_id": ends}
            assert await said(desk, CitizenMerged, WARD, **told) == "other_ward"
        assert (
            await said(desk, CitizenMerged, CENTRE, citizen_id=own, merged_id=other) == "accepted"
        )

    async def test_of_another_ward_is_refused_in_a_dry_run_too(self) -> None:
        desk, person = Desk(), a_person(phone=None, national_id=a_national_id())
        citizen = await a_citizen(desk, person, OTHER_PHONE, HOA_HUNG)
        consent = posted(ConsentGiven, envelope={"source": WARD.source}, citizen_id=citizen)

        [result] = await desk.intake.dry_run([consent], Upload(WARD, desk.now))

        assert (result.code, result.pointer) == ("other_ward", "/data/citizen_id")


class TestAnErasure:
    async def test_of_a_ward_needs_two_people(self) -> None:
        desk = Desk()
        citizen = await a_citizen(desk, a_person())
        alone = await said(desk, CitizenErased, WARD, citizen_id=citizen)
        with_reason = await said(
            desk, CitizenErased, WARD, citizen_id=citizen, reason="asked_the_centre"
        )

        await asked_for(desk, citizen, WARD)
        named = {"citizen_id": citizen, "request_id": "request-1"}
        own_request = await said(desk, CitizenErased, WARD, **named)

        assert {alone, with_reason, own_request} == {"erasure_needs_two"}
        assert await said(desk, CitizenErased, LEADER, **named) == "accepted"

    async def test_is_the_centres_at_once_with_its_reason(self) -> None:
        desk = Desk()
        citizen = await a_citizen(desk, a_person())

        assert await said(desk, CitizenErased, CENTRE, citizen_id=citizen) == "erasure_needs_two"
        told = {"citizen_id": citizen, "reason": "ward_did_not_confirm"}
        assert await said(desk, CitizenErased, CENTRE, **told) == "accepted"

    async def test_of_a_request_heard_at_the_door_is_confirmed_by_the_office(self) -> None:
        desk, person = Desk(), a_person()
        citizen = await a_citizen(desk, person)
        await said(desk, RequestReceived, PHONE, person=person, **ERASURE)

        named = {"citizen_id": citizen, "request_id": "request-1"}
        assert await said(desk, CitizenErased, WARD, **named) == "accepted"

    @pytest.mark.parametrize("kind", ["data_access", "data_restriction", "data_correction"])
    async def test_is_not_what_another_request_asks_for(self, kind: str) -> None:
        desk = Desk()
        citizen = await a_citizen(desk, a_person())
        await asked_for(desk, citizen, kind=kind)

        named = {"citizen_id": citizen, "request_id": "request-1"}
        assert await said(desk, CitizenErased, WARD, **named) == "erasure_not_asked_for"

    async def test_is_of_the_citizen_who_asked(self) -> None:
        desk = Desk()
        asking, another = await a_citizen(desk, a_person()), await a_citizen(desk, a_person())
        await asked_for(desk, asking)

        named = {"citizen_id": another, "request_id": "request-1"}
        assert await said(desk, CitizenErased, WARD, **named) == "erasure_not_asked_for"

    async def test_waits_for_its_request_and_ends_with_it(self) -> None:
        desk = Desk()
        citizen = await a_citizen(desk, a_person())
        named = {"citizen_id": citizen, "request_id": "request-1"}

        early = await said(desk, CitizenErased, WARD, **named)
        await asked_for(desk, citizen)
        withdrawn = {"citizen_id": citizen, "outcome": "withdrawn", **ERASURE}
        await said(desk, RequestClosed, WARD, **withdrawn)

        assert early == "not_yet_known"
        assert await said(desk, CitizenErased, WARD, **named) == "erasure_not_asked_for"

    async def test_of_another_wards_citizen_is_refused_whoever_asked(self) -> None:
        desk = Desk()
        citizen = await a_citizen(desk, a_person(), OTHER_PHONE, HOA_HUNG)
        await asked_for(desk, citizen, OTHER, ward=HOA_HUNG)

        named = {"citizen_id": citizen, "request_id": "request-1"}
        assert await said(desk, CitizenErased, WARD, **named) == "other_ward"


class TestAThingOfAnotherWard:
    async def test_gives_no_appointment(self) -> None:
        desk = Desk()
        await said(desk, ServicePointOpened, OTHER, ward=HOA_HUNG, subject="point-1")

        assert await said(desk, AppointmentBooked, WARD) == "other_ward"
        assert await said(desk, AppointmentBooked, OTHER, ward=HOA_HUNG) == "accepted"

    async def test_has_its_disputes_resolved_by_itself(self) -> None:
        desk = Desk()
        visit = posted(CitizenAssisted, ward=HOA_HUNG, envelope={"source": OTHER_PHONE.source})
        await desk.post(visit, by=OTHER_PHONE)

        told = {"event_id": visit["id"]}
        assert await said(desk, DisputeResolved, WARD, **told) == "other_ward"
        assert await said(desk, DisputeResolved, CENTRE, **told) == "other_ward"
        assert await said(desk, DisputeResolved, OTHER, ward=HOA_HUNG, **told) == "accepted"

    async def test_takes_no_team_that_a_ward_sends_there(self) -> None:
        """Its phones could record there, and read that ward's figures."""
        desk = Desk()
        told: dict[str, Any] = {"neighbourhood_id": None, "organisation_id": None}
        await said(desk, TeamFormed, WARD, **told)
        await said(desk, NeighbourhoodRegistered, OTHER, ward=HOA_HUNG, subject="kp-2")

        assert await said(desk, TeamDeployed, WARD, places=["kp-2"]) == "other_ward"
        assert await said(desk, TeamDeployed, CENTRE, places=["kp-2"]) == "accepted"
