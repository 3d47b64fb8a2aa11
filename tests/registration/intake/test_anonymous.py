"""Nobody's name or number stands where an id, a code or a name of a thing is meant."""

from typing import Any

import pytest

from services.events.appointments import AppointmentBooked
from services.events.assistance import CitizenAssisted
from services.events.citizens import CitizenMerged, ConsentGiven
from services.events.envelope import Event
from services.events.households import HouseholdVisited
from services.events.registry import parse
from services.events.requests import RequestReceived
from services.events.service_points import ServicePointOpened
from services.events.teams import TeamFormed, TeamMemberJoined
from services.registration.intake.anonymous import holds_a_number, must_name_nobody
from tests.builders import MADE, as_json, event, posted
from tests.registration.intake.desk import COORDINATOR, Desk

SOMEBODY = ("nguyen-van-an", "lan-0900000001", "c-079000000001", "citizen-1", "c-lan")
IDS: list[tuple[type[Event], str]] = [
    (CitizenAssisted, "citizen_id"),
    (CitizenAssisted, "household_id"),
    (CitizenAssisted, "member_id"),
    (HouseholdVisited, "household_id"),
    (ConsentGiven, "citizen_id"),
    (CitizenMerged, "merged_id"),
    (AppointmentBooked, "citizen_id"),
    (RequestReceived, "citizen_id"),
    (TeamMemberJoined, "member_id"),
    (TeamFormed, "head_member_id"),
]


async def refusal(event_class: type[Event], **told: Any) -> tuple[str | None, str | None]:
    """Of what a coordinator posts; nothing else is wrong with it."""
    told.setdefault("envelope", {}).setdefault("source", COORDINATOR.source)
    [result] = await Desk().post(posted(event_class, **told), by=COORDINATOR)
    return result.code, result.pointer


@pytest.mark.parametrize("somebody", SOMEBODY)
@pytest.mark.parametrize(("event_class", "field"), IDS)
async def test_an_id_of_a_person_is_one_that_registration_made(
    event_class: type[Event], field: str, somebody: str
) -> None:
    told = await refusal(event_class, **{field: somebody})

    assert told == ("names_somebody", f"/data/{field}")


@pytest.mark.parametrize(
    "wording", ["Nguyễn Văn An", "0900000001", "nguyenvanan", "2025-10 cho chị Lan", "079000000001"]
)
async def test_a_wording_is_a_version_and_no_text(wording: str) -> None:
    assert await refusal(ConsentGiven, wording=wording) == ("names_somebody", "/data/wording")


@pytest.mark.parametrize("uri", ["Nguyen Van An", "urn:tungngo:0900000001", "0900000001", "an"])
async def test_a_schema_is_named_by_an_address(uri: str) -> None:
    told = await refusal(CitizenAssisted, envelope={"dataschema": uri})

    assert told == ("names_somebody", "/dataschema")


@pytest.mark.parametrize(
    ("event_class", "field"),
    [
        (ServicePointOpened, "name"),
        (ServicePointOpened, "place"),
        (ServicePointOpened, "model_id"),
        (TeamFormed, "name"),
        (TeamFormed, "decision_no"),
    ],
)
@pytest.mark.parametrize(
    "number", ["0900000001", "0900 000 001", "+84.900.000.001", "079000000001"]
)
async def test_the_name_of_a_thing_holds_nobodys_number(
    event_class: type[Event], field: str, number: str
) -> None:
    written = f"p-{number}" if field.endswith("_id") else f"Chị Lan {number}"
    told = await refusal(event_class, **{field: written})

    assert told in (("names_somebody", f"/data/{field}"), ("invalid_value", f"/data/{field}"))


async def test_a_subject_is_nobodys_number() -> None:
    assert await refusal(TeamFormed, subject="to-0900000001") == ("names_somebody", "/subject")


@pytest.mark.parametrize(
    "text",
    [
        *MADE.values(),
        "Quyết định 1234/QĐ-UBND ngày 11/10/2025",
        "Khu phố 12, phường 3",
        "2025-2026",
        "diem-27343-2025-03",
        "01990000-0000-7000-8000-000000000013",
        "0af7651916cd43dd8448eb211c80319c",
        "urn:tungngo:event",
    ],
)
def test_what_is_nobodys_is_not_taken_for_a_number(text: str) -> None:
    assert not holds_a_number(text)


def test_what_was_stored_before_stays_readable() -> None:
    stored = as_json(event(ConsentGiven, citizen_id="nguyen-van-an", wording="Nguyễn Văn An"))

    assert parse(stored) == parse(as_json(parse(stored)))


@pytest.mark.parametrize("event_class", [CitizenAssisted, ConsentGiven, RequestReceived])
def test_what_a_client_posts_as_it_should_passes(event_class: type[Event]) -> None:
    must_name_nobody(parse({**posted(event_class), "subject": ""}))
