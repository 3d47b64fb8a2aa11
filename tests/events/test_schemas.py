"""The schemas that integrators read."""

from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from services.events.assistance import CitizenAssisted
from services.events.envelope import Event
from services.events.households import HouseholdVisited
from services.events.registry import EVENT_CLASSES, parse, type_name
from services.events.schemas import posted as posted_schema
from services.events.schemas import published as published_schema
from tests.builders import a_person, posted
from tests.events.test_samples import SAMPLES, read

Made = Callable[[type[Event]], dict[str, Any]]


@cache
def validator(made: Made, event_class: type[Event]) -> Draft202012Validator:
    schema = made(event_class)
    Draft202012Validator.check_schema(schema)
    return Draft202012Validator(schema)


def problems(made: Made, event_class: type[Event], instance: object) -> list[str]:
    found = validator(made, event_class).iter_errors(instance)
    return [error.message for error in found]


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.stem)
def test_every_golden_sample_fits_the_published_schema(path: Path) -> None:
    sample = read(path)

    assert problems(published_schema, type(parse(sample)), sample) == []


@pytest.mark.parametrize("event_class", EVENT_CLASSES, ids=type_name)
def test_what_a_client_posts_fits_the_schema_of_posted_events(event_class: type[Event]) -> None:
    of_the_server = {**posted(event_class), "recordedtime": "2025-10-11T08:00:00Z"}

    assert problems(posted_schema, event_class, posted(event_class)) == []
    assert problems(posted_schema, event_class, of_the_server)


def test_a_person_may_stand_in_place_of_the_ids_that_registration_fills() -> None:
    with_a_person = posted(HouseholdVisited, person=a_person(address="Hẻm 1"))
    with_neither = posted(HouseholdVisited, household_id=None)

    assert "household_id" not in with_a_person["data"]
    assert problems(posted_schema, HouseholdVisited, with_a_person) == []
    assert problems(posted_schema, HouseholdVisited, with_neither)


def test_no_published_event_has_room_for_a_person() -> None:
    of_a_person = posted(CitizenAssisted, person=a_person())
    stored = {**of_a_person, "subject": "citizen-1", "recordedtime": "2025-10-11T08:00:00Z"}

    assert problems(published_schema, CitizenAssisted, stored)
