"""What coordinators read of citizens and of what was refused."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import httpx
import orjson
import pytest
from fastapi import FastAPI

from services.events.citizens import CITIZENS
from services.events.codes import Purpose, RefusedResult
from services.events.corrections import EventRefused
from services.events.households import HouseholdVisited
from services.events.requests import RequestClosed, RequestReceived
from services.messaging.log.entry import Entry
from services.platform.http.app import create_app
from services.registration.citizens.api import router
from services.registration.citizens.persons import Persons
from services.registration.citizens.reading import CitizenReader
from services.registration.citizens.refused_bodies import RefusedBodies
from services.registration.intake.outcome import Outcomes
from services.registration.intake.replacing import closing
from services.registration.requests.rules import REQUEST
from services.registration.subjects.actor import Overseer
from services.registration.subjects.rows import Row
from tests.builders import a_national_id, a_phone, as_json, event
from tests.registration.citizens.people import KEYS, WARD, identify, somebody
from tests.registration.reading import rows_of
from tests.twins.event_log import EventLogTwin
from tests.twins.refused_body_store import MemoryRefusedBodyStore
from tests.twins.row_store import MemoryRowStore
from tests.twins.rows import RowsTwin

API = "/api/registration/v1"
NOON = datetime(2025, 10, 11, 5, tzinfo=UTC)


@dataclass(frozen=True)
class Coordinator:
    wards: frozenset[str]
    source: str = "/user/u-1"

    def oversees(self, ward: str) -> bool:
        return ward in self.wards


@asynccontextmanager
async def no_lifespan(_: FastAPI) -> AsyncIterator[None]:
    yield


@dataclass
class Office:
    """A ward's office; `coordinator` is who asks."""

    rows: MemoryRowStore = field(default_factory=MemoryRowStore)
    subjects: RowsTwin = field(default_factory=RowsTwin)
    log: EventLogTwin = field(default_factory=EventLogTwin)
    kept: RefusedBodies = field(
        default_factory=lambda: RefusedBodies(MemoryRefusedBodyStore(), KEYS)
    )
    coordinator: Coordinator = Coordinator(frozenset({WARD}))
    trail: list[tuple[str, str, str]] = field(default_factory=list)

    async def get(self, path: str) -> httpx.Response:
        reader = CitizenReader(self.rows, self.subjects, KEYS)
        recorded = Outcomes(self.log, self.kept).recorded
        routes = router(reader, self.kept, recorded, self._staff, self._note)
        app = create_app(title="t", lifespan=no_lifespan, routers=[routes], checks={})
        transport = httpx.ASGITransport(app)
        async with httpx.AsyncClient(transport=transport, base_url="http://registration") as client:
            return await client.get(f"{API}{path}")

    async def _staff(self) -> Overseer:
        return self.coordinator

    async def _note(self, who: str, did: str, what: str) -> None:
        self.trail.append((who, did, what))


@pytest.fixture
def office() -> Office:
    return Office()


async def test_record_shows_how_numbers_end_and_what_was_agreed(office: Office) -> None:
    person = somebody(phone=a_phone(), national_id=a_national_id())
    [met] = await identify(Persons(office.rows, KEYS), person)
    citizen_id = str(met.citizen_id)
    state = {"citizen_id": citizen_id, "purposes": [Purpose.VISIT.value], "wording": "v1"}
    office.subjects.rows[CITIZENS, citizen_id] = Row(CITIZENS, citizen_id, WARD, state)

    answer = await office.get(f"/citizens/{citizen_id}")

    assert answer.json() == {
        "id": citizen_id,
        "national_ids_end": [str(person.national_id)[-3:]],
        "phones_end": [str(person.phone)[-3:]],
        "purposes": ["visit"],
        "wording": "v1",
        "erased": False,
        "merged_into": None,
    }
    assert office.trail == [("/user/u-1", "citizen_read", citizen_id)]


async def test_erased_record_shows_no_number_though_the_index_still_leads_to_it(
    office: Office,
) -> None:
    [met] = await identify(Persons(office.rows, KEYS), somebody(phone=a_phone()))
    citizen_id = str(met.citizen_id)
    state = {"citizen_id": citizen_id, "erased": True}
    office.subjects.rows[CITIZENS, citizen_id] = Row(CITIZENS, citizen_id, WARD, state)

    answer = (await office.get(f"/citizens/{citizen_id}")).json()

    assert (answer["phones_end"], answer["erased"]) == ([], True)


async def test_citizen_of_another_ward_is_not_found(office: Office) -> None:
    [met] = await identify(Persons(office.rows, KEYS), somebody(phone=a_phone()))
    office.coordinator = Coordinator(frozenset({"27163"}))

    answer = await office.get(f"/citizens/{met.citizen_id}")

    assert answer.status_code == 404
    assert office.trail == []


@pytest.mark.parametrize("kind", ["data_erasure", "data_restriction"])
async def test_record_of_somebody_who_asked_to_be_left_alone_is_read_no_more(
    office: Office, kind: str
) -> None:
    [met] = await identify(Persons(office.rows, KEYS), somebody(phone=a_phone()))
    citizen_id = str(met.citizen_id)
    asked = event(RequestReceived, ward=WARD, citizen_id=citizen_id, kind=kind)
    office.subjects.rows |= rows_of((REQUEST, asked)).rows
    restricted = await office.get(f"/citizens/{citizen_id}")

    closed = event(
        RequestClosed,
        at=asked.time + timedelta(hours=1),
        ward=WARD,
        citizen_id=citizen_id,
        kind=kind,
        outcome="withdrawn",
    )
    office.subjects.rows |= rows_of((REQUEST, asked, closed)).rows
    again = await office.get(f"/citizens/{citizen_id}")

    assert (restricted.status_code, restricted.json()["code"]) == (403, "citizen_restricted")
    assert again.status_code == 200


async def test_record_is_not_read_for_a_consent_that_its_reader_wrote(office: Office) -> None:
    [met] = await identify(Persons(office.rows, KEYS), somebody(phone=a_phone()))
    citizen_id = str(met.citizen_id)
    state = {"citizen_id": citizen_id, "purposes": [], "wording": "v1"}
    office.subjects.rows[CITIZENS, citizen_id] = Row(CITIZENS, citizen_id, "27163", state)
    office.coordinator = Coordinator(frozenset({"27163"}))

    assert (await office.get(f"/citizens/{citizen_id}")).status_code == 404


async def test_phone_number_in_place_of_an_id_is_refused_and_not_repeated(office: Office) -> None:
    answer = await office.get("/citizens/0900000001")

    assert answer.status_code == 422
    assert "0900000001" not in answer.text


async def test_ward_sees_what_its_phones_could_not_record(office: Office) -> None:
    refusals = [
        event(EventRefused, ward=WARD, result=RefusedResult.REJECTED.value, code="out_of_scope")
        for _ in range(3)
    ]
    for refusal in refusals:
        await office.kept.keep(refusal, orjson.dumps({"id": refusal.data.event_id}))

    first = (await office.get(f"/refused-events?ward={WARD}&limit=2")).json()
    rest = (await office.get(f"/refused-events?ward={WARD}&limit=2&after={first['next']}")).json()

    shown = [*first["items"], *rest["items"]]
    assert {item["id"] for item in shown} == {refusal.id for refusal in refusals}
    assert all(item["posted"] == {"id": item["event_id"]} for item in shown)
    assert rest["next"] is None
    assert office.trail[0] == ("/user/u-1", "refused_read", WARD)


async def test_ward_sees_both_versions_of_a_conflict_side_by_side(office: Office) -> None:
    stands = event(HouseholdVisited, ward=WARD, outcome="met")
    other = {"id": stands.id, "data": {"outcome": "absent"}}
    refusal = event(
        EventRefused, ward=WARD, event_id=stands.id, result=RefusedResult.CONFLICT.value
    )
    await office.log.append(Entry(stands, b"first"))
    await office.kept.keep(refusal, orjson.dumps(other))

    [shown] = (await office.get(f"/refused-events?ward={WARD}")).json()["items"]

    assert (shown["posted"], shown["recorded"]) == (other, as_json(stands))
    assert shown["replaced_by"] is None


async def test_first_version_in_another_ward_is_not_shown(office: Office) -> None:
    stands = event(HouseholdVisited, ward="27163")
    refusal = event(EventRefused, ward=WARD, event_id=stands.id)
    await office.log.append(Entry(stands, b"first"))
    await office.kept.keep(refusal, b"{}")

    [shown] = (await office.get(f"/refused-events?ward={WARD}")).json()["items"]

    assert shown["recorded"] is None


async def test_ward_sees_that_a_refused_event_was_replaced(office: Office) -> None:
    refusal = event(EventRefused, ward=WARD)
    new = event(HouseholdVisited, envelope={"replaces": refusal.data.event_id})
    void = closing(new, [refusal], refusal.data.poster)
    await office.kept.keep(refusal, b"{}")
    await office.log.append_all([Entry(void, b"", published=False), Entry(new, b"")])

    [shown] = (await office.get(f"/refused-events?ward={WARD}")).json()["items"]

    assert (shown["recorded"], shown["replaced_by"]) == (None, new.id)


async def test_body_that_was_no_json_is_shown_as_nothing(office: Office) -> None:
    refusal = event(EventRefused, ward=WARD, result=RefusedResult.REJECTED.value)
    await office.kept.keep(refusal, b"")

    answer = await office.get(f"/refused-events?ward={WARD}")

    assert answer.json()["items"][0]["posted"] is None


async def test_another_ward_sees_nothing(office: Office) -> None:
    answer = await office.get("/refused-events?ward=27163")

    assert answer.status_code == 403
    assert office.trail == []
