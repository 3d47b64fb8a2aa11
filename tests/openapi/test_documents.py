"""What integrators read in `docs/integrating` is what the code does."""

import json
from fnmatch import fnmatch
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest

from services.documents import FOLDER
from services.events.registry import BY_TYPE
from services.events.schemas import posted
from services.platform.problems import PROBLEM_MEDIA_TYPE
from services.registration.openapi import KNOCK, VISIT, VOID
from tests.openapi.written import written

ROOT = Path(__file__).parents[2]
SERVICES = ("registration", "reporting", "notify")
Operation = dict[str, Any]


def test_document_is_current() -> None:
    paths = {name: ROOT / FOLDER / name for name in written()}

    committed = {n: path.read_text(encoding="utf-8") for n, path in paths.items() if path.exists()}

    stale = [name for name, text in written().items() if committed.get(name) != text]
    assert stale == [], "run: make docs"


def test_what_is_generated_is_marked_so_that_a_change_shows_what_people_wrote() -> None:
    lines = (ROOT / ".gitattributes").read_text(encoding="utf-8").splitlines()
    marked = [line.split()[0] for line in lines if line.endswith(" linguist-generated")]
    generated = {str(FOLDER / name) for name in written()}

    assert {path for path in generated if not any(fnmatch(path, m) for m in marked)} == set()
    assert [m for m in marked if not any(fnmatch(path, m) for path in generated)] == []


@pytest.mark.parametrize("service", SERVICES)
def test_every_route_says_what_it_does_and_what_can_go_wrong(service: str) -> None:
    for where, operation in operations(service):
        assert operation.get("summary") or operation.get("description"), where
        for status, answer in operation["responses"].items():
            if status >= "400" and "metrics" not in where and "readyz" not in where:
                assert set(answer["content"]) == {PROBLEM_MEDIA_TYPE}, (where, status)


@pytest.mark.parametrize("service", SERVICES)
def test_every_route_that_takes_parameters_may_refuse_them(service: str) -> None:
    for where, operation in operations(service):
        if operation.get("parameters"):
            assert "422" in operation["responses"], where


def operations(service: str) -> list[tuple[str, Operation]]:
    """Each with its method and path."""
    paths = json.loads(written()[f"openapi/{service}.json"])["paths"]
    return [
        (f"{method} {path}", operation)
        for path, methods in paths.items()
        for method, operation in methods.items()
    ]


@pytest.mark.parametrize("service", SERVICES)
def test_every_field_says_what_it_means(service: str) -> None:
    schemas = json.loads(written()[f"openapi/{service}.json"])["components"]["schemas"]

    unsaid = [
        (name, field)
        for name, schema in schemas.items()
        for field, part in schema.get("properties", {}).items()
        if not part.get("description")
    ]
    assert unsaid == []


def test_bounds_are_written_as_json_schema_writes_them() -> None:
    schemas = {name: text for name, text in written().items() if name.endswith(".json")}

    other_words = [
        (name, word)
        for name, text in schemas.items()
        for word in ("ge", "gt", "le", "lt")
        if f'"{word}": ' in text
    ]
    assert len(schemas) > 50
    assert other_words == []


def test_what_may_be_posted_is_named_once() -> None:
    schemas = json.loads(written()["openapi/registration.json"])["components"]["schemas"]

    titles = [schema.get("title", name) for name, schema in schemas.items()]
    assert sorted(titles) == sorted(set(titles))


@pytest.mark.parametrize("example", [VISIT, KNOCK, VOID], ids=lambda event: event["type"])
def test_example_is_an_event_that_may_be_posted(example: dict[str, Any]) -> None:
    schema = posted(BY_TYPE[example["type"]])

    assert jsonschema_rs.validator_for(schema, validate_formats=True).is_valid(example)
