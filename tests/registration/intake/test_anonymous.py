"""Nobody's name or number stands where an id, a code or a name of a thing is meant."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel

from services.events.appointments import AppointmentBooked
from services.events.assistance import CitizenAssisted
from services.events.citizens import CitizenMerged, ConsentGiven
from services.events.envelope import Event
from services.events.households import HouseholdVisited
from services.events.registry import EVENT_CLASSES, parse, type_name
from services.events.requests import RequestReceived
from services.events.service_points import ServicePointOpened
from services.events.teams import TeamFormed, TeamMemberJoined
from services.platform.problems import Problem
from services.registration.intake.anonymous import (
    NAMES_SOMEBODY,
    holds_a_number,
    must_name_nobody,
)
from tests.builders import MADE, as_json, event, posted
from tests.event_data import Json
from tests.registration.intake.desk import COORDINATOR, Desk

SAMPLES = Path(__file__).parents[2] / "events" / "samples"
MADE_UUID = "0199dabc-abcd-7abc-8abc-abcdefabcdef"
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


@pytest.mark.parametrize("text", ["0900000001" + MADE_UUID, "0900" + MADE_UUID + "000001"])
def test_a_number_is_found_beside_what_was_made_at_random(text: str) -> None:
    assert holds_a_number(text)


@pytest.mark.parametrize("event_class", EVENT_CLASSES, ids=type_name)
def test_no_text_of_any_type_is_passed_by(event_class: type[Event]) -> None:
    full = parse(read_full(event_class))

    for data in with_a_number_somewhere(full.data):
        with pytest.raises(Problem) as refused:
            must_name_nobody(full.model_copy(update={"data": data}))
        assert refused.value.kind is NAMES_SOMEBODY


def with_a_number_somewhere(model: BaseModel) -> Iterator[BaseModel]:
    """The model once for each of its texts, at any depth, with a number in that one's place."""
    for name, value in model:
        for changed in _each_changed(value):
            yield model.model_copy(update={name: changed})


def _each_changed(value: object) -> Iterator[object]:
    if type(value) is str:
        yield "0900000001"
    elif isinstance(value, BaseModel):
        yield from with_a_number_somewhere(value)
    elif isinstance(value, tuple):
        for n, item in enumerate(value):
            yield from ((*value[:n], changed, *value[n + 1 :]) for changed in _each_changed(item))


def read_full(event_class: type[Event]) -> Json:
    sample = max(SAMPLES.glob(f"{type_name(event_class)}.full*.json"))
    full: Json = json.loads(sample.read_text(encoding="utf-8"))
    return full
