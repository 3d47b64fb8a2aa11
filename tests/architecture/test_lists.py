"""No list is cut without saying so."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

DOCUMENTS = sorted((Path(__file__).parents[2] / "docs/integrating/openapi").glob("*.json"))
"""A test of each service holds that they are what it answers."""

Json = dict[str, Any]

COMPLETE = {
    "/api/registration/v1/wards": "all units of the city on a day",
    "/api/registration/v1/directory": "all that a phone of one ward needs",
    "/api/registration/v1/open-requests": "all that nobody has answered",
    "/api/registration/v1/succession": "all mergers of wards",
    "/api/reporting/v1/reports": "all reports",
    "/api/reporting/v1/tally": "each day of those asked for",
    "/api/notify/v1/budgets": "each ward of a day",
    "/api/notify/v1/controls": "all that does not go on",
    "/api/notify/v1/providers": "those of the plan",
    "/api/notify/v1/notifications/{notification_id}/receipts": "all that came for one SMS",
}
"""Lists that are never cut, and of what they are all."""
REPORTS = "/api/reporting/v1/reports/"
"""A row for each unit of what a report is by."""


class Answer:
    """What a GET answers."""

    def __init__(self, path: str, operation: Json, schemas: Json) -> None:
        self.path = path
        self.parameters = {one["name"] for one in operation.get("parameters", [])}
        self._schemas = schemas
        content = operation["responses"].get("200", {}).get("content", {})
        self._schema = self._read(content.get("application/json", {}).get("schema", {}))

    @property
    def fields(self) -> set[str]:
        return set(self._schema.get("properties", {}))

    @property
    def is_a_list(self) -> bool:
        """Of things of which there may be more; one thing may have parts."""
        if self._schema.get("type") == "array":
            return True
        one_thing = self.path.endswith(("}", "/preview"))
        fields = self._schema.get("properties", {}).values()
        return not one_thing and any(self._read(f).get("type") == "array" for f in fields)

    def _read(self, schema: Json) -> Json:
        while "$ref" in schema:
            schema = self._schemas[schema["$ref"].rpartition("/")[2]]
        return schema


def answers() -> Iterator[Answer]:
    for document in DOCUMENTS:
        told = json.loads(document.read_text(encoding="utf-8"))
        schemas = told["components"]["schemas"]
        for path, operations in told["paths"].items():
            if "get" in operations:
                yield Answer(path, operations["get"], schemas)


ANSWERS = list(answers())
LISTS = [one for one in ANSWERS if one.is_a_list and not one.path.startswith(REPORTS)]


def test_there_are_lists_of_each_service() -> None:
    services = {one.path.split("/")[2] for one in LISTS}

    assert services == {"registration", "reporting", "notify"}


@pytest.mark.parametrize("answer", LISTS, ids=lambda one: one.path)
def test_each_list_says_where_it_goes_on_or_is_never_cut(answer: Answer) -> None:
    if answer.path in COMPLETE:
        assert "limit" not in answer.parameters
    else:
        assert "next" in answer.fields
        assert answer.parameters & {"cursor", "after"}


@pytest.mark.parametrize("answer", ANSWERS, ids=lambda one: one.path)
def test_whoever_may_say_how_many_learns_whether_there_are_more(answer: Answer) -> None:
    if "limit" in answer.parameters:
        assert "next" in answer.fields


def test_nothing_is_called_complete_that_is_gone() -> None:
    assert COMPLETE.keys() <= {one.path for one in LISTS}
