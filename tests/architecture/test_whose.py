"""Whose it is: role by type by its own ward, another, and another's thing under its own.

What is expected is written from the declarations and tried over HTTP.
"""

from collections.abc import Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import cache
from typing import Any

import httpx
import orjson
import pytest
from fastapi import FastAPI, Request

from services.events.appointments import AppointmentBooked, AppointmentCancelled
from services.events.assistance import CitizenAssisted
from services.events.citizens import CitizenErased, CitizenMerged, ConsentGiven, ConsentWithdrawn
from services.events.disputes import DisputeResolved
from services.events.envelope import BATCH_MEDIA_TYPE, Event
from services.events.neighbourhoods import NeighbourhoodRegistered
from services.events.organisations import OrganisationRegistered
from services.events.registry import EVENT_CLASSES, type_name
from services.events.requests import RequestClosed, RequestReceived
from services.events.service_points import ServicePointClosed, ServicePointOpened
from services.events.teams import (
    TeamFormed,
    TeamMemberJoined,
    TeamMemberLeft,
)
from services.platform.http.app import create_app
from services.registration.access.actor import AnyActor
from services.registration.intake import api as intake
from services.registration.intake.outcome import Outcomes
from services.registration.slices import KINDS, SUBJECTS
from services.registration.subjects.actor import Role
from services.registration.subjects.owners import Local, OfCitizen, its_own_ward
from services.registration.subjects.subject import Decided
from tests.builders import CHO_LON, HOA_HUNG, SATURDAY, a_person, event, posted
from tests.event_data import Json
from tests.registration.intake.actors import an_actor
from tests.registration.intake.desk import Desk
from tests.shared_app import Asking

DECIDED = [c for c in EVENT_CLASSES if isinstance(SUBJECTS[c], Decided)]
ROLES = [role for role in Role if role not in (Role.PUBLIC, Role.SYSTEM)]
"""Nobody comes in as the other two."""
CITY = (Role.CENTRE, Role.ADMIN)
FIRST = SATURDAY.replace(hour=6)


def before(event_class: type[Event], **told: Any) -> tuple[type[Event], Json]:
    """Recorded two hours earlier, by the thing's own ward."""
    return event_class, told


TEAM = before(TeamFormed)
POINT = before(ServicePointOpened)
BOOKED = before(AppointmentBooked, citizen_id="{citizen}")
MET = before(CitizenAssisted)
ERASURE = {"citizen_id": "{citizen}", "kind": "data_erasure"}
ASKED = before(RequestReceived, **ERASURE)
THINGS: Mapping[type[Event], tuple[Sequence[tuple[type[Event], Json]], Json]] = {
    OrganisationRegistered: ([before(OrganisationRegistered)], {}),
    NeighbourhoodRegistered: ([before(NeighbourhoodRegistered)], {}),
    TeamMemberLeft: ([TEAM, before(TeamMemberJoined)], {}),
    ServicePointOpened: ([POINT, before(ServicePointClosed)], {}),
    ConsentGiven: ([MET], {"citizen_id": "{citizen}"}),
    ConsentWithdrawn: ([MET], {"citizen_id": "{citizen}"}),
    CitizenErased: ([MET, ASKED], {"citizen_id": "{citizen}", "request_id": "request-1"}),
    CitizenMerged: ([MET], {"citizen_id": "{citizen}"}),
    DisputeResolved: ([MET], {"event_id": "{visit}"}),
    AppointmentBooked: ([POINT, MET, BOOKED], {"citizen_id": "c-000000000000000000000002"}),
    AppointmentCancelled: ([POINT, MET, BOOKED], {"citizen_id": "{citizen}"}),
    RequestReceived: ([MET], ERASURE),
    RequestClosed: ([MET, ASKED], ERASURE),
}
"""What is there before an event, and what the event says of it, where that is more than the first
type of its slice and nothing; before that one nothing is there."""
IDS = {"{citizen}": "citizen-1", "{visit}": "01990000-0000-7000-8000-ffffffffffff"}


def there_before(event_class: type[Event]) -> tuple[Sequence[tuple[type[Event], Json]], Json]:
    """Whatever its slice begins with, unless more is needed."""
    first = next(iter(SUBJECTS[event_class].accepts))
    return THINGS.get(event_class, ([] if event_class is first else [before(first)], {}))


@dataclass
class Town:
    """Registration over HTTP; whoever posts is handed in."""

    desk: Desk
    actor: AnyActor

    async def post(self, event: Json) -> str:
        """`accepted`, or the code of what is wrong."""
        TOWN.now = self
        transport = httpx.ASGITransport(_app())
        async with httpx.AsyncClient(transport=transport, base_url="http://registration") as http:
            answer = await http.post(
                "/api/registration/v1/events",
                content=orjson.dumps([event]),
                headers={"Content-Type": BATCH_MEDIA_TYPE},
            )
        [result] = answer.json()["results"]
        return str(result.get("code") or result["result"])


TOWN = Asking[Town]()


@cache
def _app() -> FastAPI:
    api = intake.IntakeApi(
        intake=TOWN.part(lambda town: town.desk.intake),
        outcomes=TOWN.part(lambda town: Outcomes(town.desk.log, town.desk.kept)),
        authenticate=_whoever,
        clock=lambda: TOWN.now.desk.now,
        request_body={},
    )
    return create_app(title="t", lifespan=_idle, routers=[intake.router(api)], checks={})


async def _whoever(_: Request) -> AnyActor:
    return TOWN.now.actor


@asynccontextmanager
async def _idle(_: FastAPI) -> Any:
    yield


def own(role: Role, event_class: type[Event]) -> str:
    """In its own ward, or anywhere for whoever works for the whole city."""
    return "accepted" if role in SUBJECTS[event_class].accepts[event_class].by else "not_allowed"


def other(role: Role, event_class: type[Event]) -> str:
    """In another ward, about a thing of that ward."""
    allowed = own(role, event_class)
    if allowed != "accepted" or role in CITY:
        return allowed
    return "not_sent_there_yet" if role is Role.VOLUNTEER else "out_of_scope"


def anothers(role: Role, event_class: type[Event]) -> str:
    """In its own ward, about a thing of another: the city alone crosses, and to citizens alone."""
    allowed = own(role, event_class)
    crosses = role in CITY and _is_about_citizens_alone(event_class)
    return allowed if allowed != "accepted" or crosses else "other_ward"


def _is_about_citizens_alone(event_class: type[Event]) -> bool:
    subject = SUBJECTS[event_class]
    told = event(event_class, **named(there_before(event_class)[1], IDS))
    if not isinstance(subject, Decided):
        return False
    first = subject.evolve(None, told)
    about_citizens = any(isinstance(owner, OfCitizen) for owner in subject.belongs(told))
    return about_citizens and (not isinstance(first, Local) or event_class is RequestReceived)


CASES = {
    "its own ward": (CHO_LON, CHO_LON, own),
    "another ward": (HOA_HUNG, HOA_HUNG, other),
    "another's under its own": (HOA_HUNG, CHO_LON, anothers),
}


@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("event_class", DECIDED, ids=type_name)
async def test_each_role_records_each_type_about_what_is_its_own(
    event_class: type[Event], role: Role, case: str
) -> None:
    lies_in, written, expected = CASES[case]
    desk = Desk()
    names = await things_in(desk, event_class, lies_in, once=case.startswith("another's"))
    poster = an_actor(role)
    told = named(there_before(event_class)[1], names)
    new = posted(event_class, ward=written, envelope={"source": poster.source}, **told)

    assert await Town(desk, poster).post(new) == expected(role, event_class)


async def things_in(
    desk: Desk, event_class: type[Event], ward: str, *, once: bool
) -> dict[str, str]:
    """Records what is there before; the ids that were given."""
    names: dict[str, str] = {}
    there = list(there_before(event_class)[0])
    if once and not there:
        there.append((event_class, {}))
    for minute, (thing, told) in enumerate(there):
        by, at = recorder(thing, ward), FIRST.replace(minute=minute)
        who = {"person": a_person()} if thing is CitizenAssisted else {}
        said = named(told, names) | who
        first = posted(thing, at=at, ward=ward, envelope={"source": by.source}, **said)
        assert await Town(desk, by).post(first) == "accepted"
        if thing is CitizenAssisted:
            visit = (await desk.stored(first["id"])).event
            names |= {"{visit}": visit.id, "{citizen}": str(getattr(visit.data, "citizen_id", ""))}
    return names


def recorder(thing: type[Event], ward: str) -> AnyActor:
    """Another person than whoever is tried."""
    role = Role.VOLUNTEER if thing is CitizenAssisted else Role.WARD
    return an_actor(role, ward, name="first")


def named(told: Json, names: Mapping[str, str]) -> Json:
    return {field: names.get(str(value), value) for field, value in told.items()}


def test_what_is_there_before_is_said_of_decided_types() -> None:
    assert THINGS.keys() <= set(DECIDED)


@pytest.mark.parametrize("subject", [s for s in KINDS.values() if s.belongs is its_own_ward])
def test_what_belongs_to_its_own_ward_keeps_it_in_its_state(subject: Decided[Any]) -> None:
    assert issubclass(subject.state, Local)
