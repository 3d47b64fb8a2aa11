"""The OpenAPI document, with the schema of each type that may be posted."""

from collections.abc import Callable
from functools import cache
from typing import Any

from fastapi import FastAPI

from services.events.envelope import BATCH_MEDIA_TYPE, MEDIA_TYPE, Event
from services.events.schemas import Schema, posted
from services.registration.intake.body import MAX_EVENTS
from services.registration.intake.subject import SYSTEM
from services.registration.subjects import SUBJECTS

COMPONENT = "#/components/schemas/"
PREFIX = "Posted"
"""Keeps what is posted apart from what is answered: both have an `Outcome`."""
POSTED: tuple[type[Event], ...] = tuple(
    event_class
    for event_class, subject in SUBJECTS.items()
    if subject.accepts[event_class].by != SYSTEM
)
"""What somebody outside may post."""


def describe_events(app: FastAPI) -> None:
    """Has the app's document name every type; FastAPI itself never reads these bodies."""
    plain: Callable[[], dict[str, Any]] = app.openapi

    @cache  # each refused method asks it for the allowed ones
    def openapi() -> dict[str, Any]:
        document = plain()
        document["components"]["schemas"] |= _components()
        return document

    app.openapi = openapi  # type: ignore[method-assign]  # the way FastAPI documents


def request_body() -> dict[str, Any]:
    """One event, or a batch."""
    one = {"oneOf": [{"$ref": COMPONENT + _name(c)} for c in POSTED]}
    batch = {"type": "array", "items": one, "maxItems": MAX_EVENTS}
    return {
        "required": True,
        "content": {MEDIA_TYPE: {"schema": one}, BATCH_MEDIA_TYPE: {"schema": batch}},
    }


def _components() -> dict[str, Schema]:
    found: dict[str, Schema] = {}
    for event_class in POSTED:
        schema = _rooted(posted(event_class))
        del schema["$schema"]
        found |= {PREFIX + name: part for name, part in schema.pop("$defs").items()}
        found[_name(event_class)] = schema
    return found


def _name(event_class: type[Event]) -> str:
    return PREFIX + event_class.__name__


def _rooted(schema: Any) -> Any:
    """In an OpenAPI document a reference begins at its root, not at the schema's."""
    if isinstance(schema, dict):
        return {key: _rooted(value) for key, value in schema.items()}
    if isinstance(schema, list):
        return [_rooted(value) for value in schema]
    if isinstance(schema, str):
        return schema.replace("#/$defs/", COMPONENT + PREFIX)
    return schema
