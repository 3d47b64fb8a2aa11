"""The OpenAPI document where FastAPI by itself would say what is not so."""

from collections.abc import Callable
from functools import cache
from typing import Any

from fastapi import FastAPI

from services.platform.problems import PROBLEM_MEDIA_TYPE


def describe_problems(app: FastAPI) -> None:
    """A problem is `application/problem+json` alone; FastAPI adds plain JSON to whatever it is."""
    written: Callable[[], dict[str, Any]] = app.openapi

    @cache  # each refused method asks it for the allowed ones
    def openapi() -> dict[str, Any]:
        document = written()
        for operations in document["paths"].values():
            for operation in operations.values():
                for answer in operation["responses"].values():
                    _correct(answer)
        return document

    app.openapi = openapi  # type: ignore[method-assign]  # the way FastAPI documents


def _correct(answer: dict[str, Any]) -> None:
    content = answer.get("content", {})
    if PROBLEM_MEDIA_TYPE in content:
        content.pop("application/json", None)
