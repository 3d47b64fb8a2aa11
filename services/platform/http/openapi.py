"""The OpenAPI document where FastAPI by itself would say what is not so, or say nothing."""

from collections.abc import Callable
from functools import cache
from typing import Any

from fastapi import FastAPI

from services.events.schemas import standard
from services.platform.http.described import described
from services.platform.problems import PROBLEM_MEDIA_TYPE

Document = dict[str, Any]
_ABOUT = (
    "Errors are problem documents (RFC 9457) with a stable `code`; `/problems` lists them all. "
    "A 429 or 503 names in Retry-After when to try again."
)
_OPERATING = "operation"
_TOO_LARGE = {
    "description": "Problem",
    "content": {PROBLEM_MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/ProblemDocument"}}},
}
"""What the front door answers, whatever the address."""
_TAGS = {
    "appointments": "Slots of service points, and who is expected",
    "campaigns": "Invitations to many who agreed",
    "citizens": "Who a citizen is, for those who have met them",
    "devices": "How a team's phone comes in and goes",
    "directory": "Wards, codes and what lies nearby, for a phone that is offline",
    "events": "The only way to record anything",
    "keys": "How another system comes in and goes",
    "neighbourhoods": "Khu phố and ấp",
    "notifications": "SMS and what became of them",
    "operation": "Whether a process lives, what it measures, and what its problems mean",
    "operations": "What an operator of SMS sees and steers",
    "organisations": "Who stands behind teams and points",
    "providers": "What those who carry SMS call",
    "reports": "Figures, and what each of them counted",
    "service_points": "Where citizens come to be helped",
    "sessions": "How staff come in and go",
    "teams": "Who goes from door to door",
    "tokens": "Five minutes at another service",
    "users": "Staff",
    "worklists": "What somebody has to look into",
}

Change = Callable[[Document], Document]


def document_with(app: FastAPI, change: Change) -> None:
    """Has the app's document changed once, by what FastAPI knows nothing of."""
    written: Callable[[], Document] = app.openapi

    @cache  # each refused method asks it for the allowed ones
    def openapi() -> Document:
        return change(written())

    app.openapi = openapi  # type: ignore[method-assign]  # the way FastAPI documents


def describe_problems(app: FastAPI) -> None:
    """A problem is `application/problem+json` alone; FastAPI adds plain JSON to whatever it is."""
    document_with(app, _corrected)


def describe_fields(document: Document) -> Document:
    """Says of each field what it means; bounds in JSON Schema's own words."""
    for model, schema in document.get("components", {}).get("schemas", {}).items():
        for field, part in schema.get("properties", {}).items():
            if "description" not in part and (sentence := described(model, field)):
                part["description"] = sentence
    corrected: Document = standard(document)
    return corrected


def _corrected(document: Document) -> Document:
    document["servers"] = [{"url": "/", "description": "Wherever this document was read"}]
    document["info"]["description"] = _ABOUT
    for operations in document["paths"].values():
        for operation in operations.values():
            operation.setdefault("security", [])
            operation.setdefault("tags", [_OPERATING])
            operation.setdefault("description", operation["summary"])
            if "requestBody" in operation:
                operation["responses"].setdefault("413", _TOO_LARGE)
            for answer in operation["responses"].values():
                _correct(answer)
    document["tags"] = [
        {"name": name, "description": _TAGS.get(name, name)} for name in sorted(_tags(document))
    ]
    return describe_fields(document)


def _tags(document: Document) -> set[str]:
    operations = (o for path in document["paths"].values() for o in path.values())
    return {tag for operation in operations for tag in operation["tags"]}


def _correct(answer: Document) -> None:
    content = answer.get("content", {})
    if PROBLEM_MEDIA_TYPE in content:
        content.pop("application/json", None)
