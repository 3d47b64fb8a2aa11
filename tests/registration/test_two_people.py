"""What cannot be undone takes two people: whoever lets a phone in is one with it. Over HTTP."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any

import httpx
import orjson
import pytest
from fastapi import FastAPI

from services.events.assistance import CitizenAssisted
from services.events.citizens import CitizenErased
from services.events.envelope import BATCH_MEDIA_TYPE
from services.events.requests import RequestReceived
from services.platform.http.app import create_app
from services.registration.intake import api as intake
from services.registration.intake.outcome import Outcomes
from services.registration.subjects.actor import Role
from tests.builders import a_person, posted
from tests.event_data import Json
from tests.registration.access.gate import Gate, authorization
from tests.registration.access.test_keys import KIOSK
from tests.registration.intake.desk import Desk

Auth = dict[str, str]
NEEDS_TWO = "erasure_needs_two"


class Office:
    """A ward with two coordinators, whose access and intake are one registration."""

    def __init__(self) -> None:
        self.gate = Gate()
        self.desk = Desk(self.gate.rows, self.gate.access.person_behind)
        self.desk.now = self.gate.now
        self.gate.place("service_point", "point-1")
        api = intake.IntakeApi(
            intake=self.desk.intake,
            outcomes=Outcomes(self.desk.log, self.desk.kept),
            authenticate=self.gate.access.authenticate,
            clock=lambda: self.desk.now,
            request_body={},
        )
        app = create_app(title="t", lifespan=_idle, routers=[intake.router(api)], checks={})
        transport = httpx.ASGITransport(app)
        self._http = httpx.AsyncClient(transport=transport, base_url="https://registration.test")
        self.citizen = ""

    async def coordinator(self, name: str) -> Auth:
        return await self.gate.bearer(name, Role.WARD, "27343")

    async def source(self, by: Auth) -> str:
        """Of a coordinator."""
        session = (await self.gate.http.get("/session", headers=by)).json()
        return str(session["user"]["source"])

    async def phone(self, by: Auth) -> tuple[str, Auth]:
        """A phone that this coordinator lets in: its source and its header."""
        told = await self.gate.device(by)
        return told["source"], authorization(told["token"])

    async def kiosk(self, by: Auth) -> tuple[str, Auth]:
        """The same of a kiosk."""
        told = (await self.gate.http.post("/keys", json=KIOSK, headers=by)).json()
        return f"/device/{told['key']['id']}", authorization(told["token"])

    async def meet(self, source: str, by: Auth) -> None:
        """Somebody at the door, whose record it is then about."""
        told = await self.say(CitizenAssisted, source, by, person=a_person())
        [entry] = [e for e in self.desk.log.entries.values() if e.event.id == told]
        self.citizen = entry.event.data.citizen_id  # type: ignore[attr-defined]

    async def ask(self, source: str, by: Auth) -> None:
        """An erasure is asked for."""
        due = str(self.desk.now.date() + timedelta(days=20))
        await self.say(
            RequestReceived, source, by, citizen_id=self.citizen, kind="data_erasure", due=due
        )

    async def confirm(self, by: Auth) -> str:
        """What a coordinator hears who erases."""
        source = await self.source(by)
        named: Json = {"citizen_id": self.citizen, "request_id": "request-1"}
        [result] = await self._post(posted(CitizenErased, **self._from(source), **named), by)
        return str(result.get("code") or result["result"])

    async def say(self, event_class: type[Any], source: str, by: Auth, **told: Any) -> str:
        """Something that is accepted; its id."""
        event = posted(event_class, **self._from(source), **told)
        [result] = await self._post(event, by)
        assert result["result"] == "accepted", result
        return str(event["id"])

    def _from(self, source: str) -> Json:
        return {"at": self.desk.now, "envelope": {"source": source}}

    async def _post(self, event: Json, by: Auth) -> list[Json]:
        answer = await self._http.post(
            "/api/registration/v1/events",
            content=orjson.dumps([event]),
            headers={"Content-Type": BATCH_MEDIA_TYPE, **by},
        )
        results: list[Json] = answer.json()["results"]
        return results


@asynccontextmanager
async def _idle(_: FastAPI) -> AsyncIterator[None]:
    yield


@pytest.mark.parametrize("machine", ["phone", "kiosk"])
async def test_a_coordinator_and_a_machine_that_they_let_in_are_one_person(machine: str) -> None:
    office = Office()
    first, second = await office.coordinator("dieuphoi.1"), await office.coordinator("dieuphoi.2")
    await office.meet(*await office.phone(second))

    await office.ask(*await getattr(office, machine)(first))

    assert await office.confirm(first) == NEEDS_TWO
    assert await office.confirm(second) == "accepted"


async def test_a_phone_that_was_revoked_since_is_still_whose_it_was() -> None:
    office = Office()
    first, second = await office.coordinator("dieuphoi.1"), await office.coordinator("dieuphoi.2")
    source, phone = await office.phone(first)
    await office.meet(source, phone)
    await office.ask(source, phone)

    id_ = source.rpartition("/")[2]
    assert await office.gate.code_of("DELETE", f"/devices/{id_}", first) == "204"

    assert await office.confirm(first) == NEEDS_TWO
    assert await office.confirm(second) == "accepted"


async def test_two_phones_of_one_coordinator_make_no_second_person() -> None:
    office = Office()
    alone = await office.coordinator("dieuphoi.1")
    await office.meet(*await office.phone(alone))

    await office.ask(*await office.phone(alone))

    assert await office.confirm(alone) == NEEDS_TWO


async def test_whoever_asked_in_their_own_name_does_not_confirm() -> None:
    office = Office()
    first, second = await office.coordinator("dieuphoi.1"), await office.coordinator("dieuphoi.2")
    await office.meet(*await office.phone(second))

    await office.ask(await office.source(first), first)

    assert await office.confirm(first) == NEEDS_TWO
    assert await office.confirm(second) == "accepted"
