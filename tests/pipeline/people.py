"""People who use the three services over HTTP and nothing else: staff in offices, phones in alleys.

office = office_of(system)               an administrator's first steps, then a coordinator
phone = office.new_team("27343").phone()
phone.record(phone.visit(person=a_person()))
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import httpx
import orjson

from services.events.assistance import CitizenAssisted
from services.events.citizens import ConsentGiven
from services.events.corrections import EventVoided
from services.events.envelope import BATCH_MEDIA_TYPE, Event
from services.events.households import HouseholdVisited
from services.events.neighbourhoods import NeighbourhoodRegistered
from services.events.organisations import OrganisationRegistered
from services.events.teams import TeamFormed
from services.platform.vietnam.wards import MERGER, current
from tests import calls
from tests.builders import SATURDAY, an_id, posted
from tests.event_data import Json
from tests.stack import Stack

REGISTRATION, REPORTING, NOTIFY = (f"/api/{s}/v1" for s in ("registration", "reporting", "notify"))
NOW = SATURDAY + timedelta(hours=1)
"""What the servers take for the time where `Demo-Now` is honoured: an SMS may leave then."""
FIRST_PASSWORD = "đi từng ngõ gõ từng nhà"
PASSWORD = "học một dạy một"
WARDS = tuple(ward.code for ward in current())


@dataclass
class Caller:
    """Whoever has a token: posts events as `source`, reads figures with a short token."""

    system: Stack
    token: str
    source: str
    now: datetime | None = NOW
    _short: dict[str, str] = field(default_factory=dict)
    _http: httpx.Client = field(default_factory=calls.client)

    def ask(
        self, method: str, path: str, service: str = "registration", **more: Any
    ) -> httpx.Response:
        """Any request, with this caller's own token."""
        headers = httpx.Headers(more.pop("headers", {}))
        headers.setdefault("Authorization", f"Bearer {self.token}")
        return self._http.request(method, self.system.url(service) + path, headers=headers, **more)

    def post(self, *events: Json, **headers: str) -> list[Json]:
        """One result an event, in order."""
        response = self.send(events, **headers)
        assert response.status_code == 200, response.text
        results: list[Json] = response.json()["results"]
        return results

    def send(self, events: object, **headers: str) -> httpx.Response:
        """The batch, whatever the answer is."""
        clock = {"Demo-Now": self.now.isoformat()} if self.now else {}
        told = {"Content-Type": BATCH_MEDIA_TYPE, **clock, **headers}
        body = events if isinstance(events, bytes) else orjson.dumps(events)
        return self.ask("POST", f"{REGISTRATION}/events", content=body, headers=told)

    def record(self, *events: Json) -> list[str]:
        """Their ids; every one is accepted."""
        results = self.post(*events)
        assert {result["result"] for result in results} == {"accepted"}, results
        return [event["id"] for event in events]

    def writes(self, event_class: type[Event], **changes: Any) -> Json:
        """An event as this caller posts it."""
        envelope = {"source": self.source, **changes.pop("envelope", {})}
        return posted(event_class, envelope=envelope, **changes)

    def void(self, target: Json, **changes: Any) -> Json:
        """Takes an event back."""
        about = {"event_id": target["id"], "target_type": target["type"]}
        return self.writes(EventVoided, ward=target["ward"], **about, **changes)

    def read(self, path: str, service: str = "reporting", **params: Any) -> Json:
        """An answer of reporting or notify."""
        answer = self.reads(path, service, **params)
        assert answer.status_code == 200, answer.text
        found: Json = answer.json()
        return found

    def reads(self, path: str, service: str = "reporting", **params: Any) -> httpx.Response:
        """Any answer; `from_` stands for `from`, and a whole path stands as it is."""
        if not path.startswith("/"):
            path = f"/api/{service}/v1/{path}"
        named = {name.rstrip("_"): value for name, value in params.items()}
        answer = self._shows(service, path, named)
        if answer.status_code == 401:  # a slow machine is not done in the minutes of a token
            del self._short[service]
            answer = self._shows(service, path, named)
        return answer

    def _shows(self, service: str, path: str, params: Json) -> httpx.Response:
        if service not in self._short:
            told = self.ask("POST", f"{REGISTRATION}/tokens", json={"audience": service})
            assert told.status_code == 201, told.text
            self._short[service] = told.json()["token"]
        return self._http.get(
            self.system.url(service) + path,
            params=params or None,
            headers={"Authorization": f"Bearer {self._short[service]}"},
        )

    def close(self) -> None:
        """Its connections."""
        self._http.close()


@dataclass
class Phone(Caller):
    """A team's phone, in its team's ward."""

    device_id: str = ""
    team_id: str = ""
    ward: str = ""
    neighbourhood_id: str = ""

    def visit(self, **changes: Any) -> Json:
        """Somebody was helped."""
        return self.writes(CitizenAssisted, **self._here, **changes)

    def knock(self, **changes: Any) -> Json:
        """A door was knocked on."""
        return self.writes(HouseholdVisited, **self._here, **changes)

    def consent(self, person: Json, **changes: Any) -> Json:
        """Somebody agreed to an SMS."""
        return self.writes(ConsentGiven, ward=self.ward, person=person, **changes)

    @property
    def _here(self) -> dict[str, str]:
        team, place = self.team_id, self.neighbourhood_id
        return {"ward": self.ward, "team_id": team, "neighbourhood_id": place}


@dataclass
class Team:
    """As a coordinator formed it."""

    office: "Office"
    id: str
    ward: str
    neighbourhood_id: str

    def phone(self, now: datetime | None = NOW) -> Phone:
        """Enrolled with a code that is used up."""
        desk = self.office.coordinator
        invited = desk.ask("POST", f"{REGISTRATION}/enrolments", json={"team_id": self.id})
        assert invited.status_code == 201, invited.text
        address = desk.system.url("registration")
        code = {"code": invited.json()["code"]}
        enrolled = calls.post(f"{address}{REGISTRATION}/devices", json=code)
        assert enrolled.status_code == 201, enrolled.text
        told = enrolled.json()
        return Phone(
            desk.system,
            told["token"],
            told["source"],
            now,
            device_id=told["device_id"],
            team_id=self.id,
            ward=self.ward,
            neighbourhood_id=self.neighbourhood_id,
        )


@dataclass
class Office:
    """An administrator, the centre, and the coordinator of all wards of today."""

    admin: Caller
    centre: Caller
    coordinator: Caller

    def new_team(self, ward: str) -> Team:
        """Organisation, neighbourhood and team, posted together."""
        by = self.coordinator
        organisation, neighbourhood, team = map(an_id, ("org", "kp", "team"))
        since = MERGER.isoformat()
        by.record(
            by.writes(OrganisationRegistered, ward=ward, subject=organisation),
            by.writes(NeighbourhoodRegistered, ward=ward, subject=neighbourhood, valid_from=since),
            by.writes(
                TeamFormed,
                ward=ward,
                subject=team,
                organisation_id=organisation,
                neighbourhood_id=neighbourhood,
            ),
        )
        return Team(self, team, ward, neighbourhood)

    def close(self) -> None:
        """All connections."""
        for caller in (self.admin, self.centre, self.coordinator):
            caller.close()


def office_of(system: Stack, now: datetime | None = NOW) -> Office:
    """Staff from the first administrator on, each with a password of their own."""
    made = ("registration", "admin", "create", "--name", "quantri", "--password-stdin")
    system.command(*made, given=f"{FIRST_PASSWORD}\n")
    admin = signed_in(system, "quantri", FIRST_PASSWORD, now)
    centre = hired(admin, {"name": "trungtam", "role": "centre"}, now)
    coordinator = {"name": "dieuphoi", "role": "ward", "wards": list(WARDS)}
    return Office(admin, centre, hired(admin, coordinator, now))


def hired(admin: Caller, user: Mapping[str, Any], now: datetime | None = NOW) -> Caller:
    """A user whom the administrator makes, once the first password is changed."""
    made = admin.ask("POST", f"{REGISTRATION}/users", json=user)
    assert made.status_code == 201, made.text
    first = made.json()["first_password"]
    new = signed_in(admin.system, user["name"], first, now)
    changed = {"old": first, "new": PASSWORD}
    assert new.ask("POST", f"{REGISTRATION}/password", json=changed).status_code == 204
    new.close()
    return signed_in(admin.system, user["name"], PASSWORD, now)


def signed_in(system: Stack, name: str, password: str, now: datetime | None = NOW) -> Caller:
    """With a session whose token a script may use."""
    asked = {"name": name, "password": password, "use": "bearer"}
    url = f"{system.url('registration')}{REGISTRATION}/sessions"
    begun = calls.post(url, json=asked)
    assert begun.status_code == 201, begun.text
    session = begun.json()
    return Caller(system, session["token"], session["user"]["source"], now)
