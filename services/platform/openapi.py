"""The OpenAPI document where FastAPI by itself would say what is not so."""

from collections.abc import Callable
from functools import cache
from typing import Any

from fastapi import FastAPI

from services.platform.problems import PROBLEM_MEDIA_TYPE

_TOO_LARGE = {
    "description": "Problem",
    "content": {PROBLEM_MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/ProblemDocument"}}},
}
"""What the front door answers, whatever the address."""


def describe_problems(app: FastAPI) -> None:
    """A problem is `application/problem+json` alone; FastAPI adds plain JSON to whatever it is."""
    written: Callable[[], dict[str, Any]] = app.openapi

    @cache  # each refused method asks it for the allowed ones
    def openapi() -> dict[str, Any]:
        document = written()
        for operations in document["paths"].values():
            for operation in operations.values():
                if "requestBody" in operation:
                    operation["responses"].setdefault("413", _TOO_LARGE)
                for answer in operation["responses"].values():
                    _correct(answer)
        return document

    app.openapi = openapi  # type: ignore[method-assign]  # the way FastAPI documents


def _correct(answer: dict[str, Any]) -> None:
    content = answer.get("content", {})
    if PROBLEM_MEDIA_TYPE in content:
        content.pop("application/json", None)
