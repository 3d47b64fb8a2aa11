"""What integrators read in `docs/integrating` is what the code does."""

import json
from pathlib import Path
from typing import Any

import pytest

from services.documents import FOLDER, documents
from services.platform.problems import PROBLEM_MEDIA_TYPE

ROOT = Path(__file__).parents[2]
WRITTEN = documents()
SERVICES = ("registration", "reporting", "notify")
Operation = dict[str, Any]


@pytest.mark.parametrize("name", WRITTEN)
def test_document_is_current(name: str) -> None:
    committed = (ROOT / FOLDER / name).read_text(encoding="utf-8")

    assert committed == WRITTEN[name], "run: make docs"


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
    paths = json.loads(WRITTEN[f"openapi/{service}.json"])["paths"]
    return [
        (f"{method} {path}", operation)
        for path, methods in paths.items()
        for method, operation in methods.items()
    ]
