"""By what an event is known again when its id comes twice: a keyed hash of what it means. Pure."""

import hashlib
from collections.abc import Mapping
from datetime import UTC, datetime
from enum import Enum
from functools import cache
from typing import Any

import orjson
from pydantic import BaseModel
from pydantic_core import PydanticUndefined

from services.events.envelope import Event
from services.events.person import Person
from services.events.registry import REGISTRY, Registry
from services.platform.problems import Problem
from services.platform.vietnam.texts import composed
from services.registration.intake.body import MAX_EVENT_BYTES
from services.registration.intake.canonical import one_case
from services.registration.intake.problems import EVENT_TOO_LARGE

_LEFT_OUT = frozenset({"clockoffset", "traceparent", "tracestate", "datacontenttype"})
"""How it came: a phone measures its clock anew, and each upload has a trace of its own."""
_EXACT = 2**53
_SHORTEST_INSTANT = len("2025-10-11T08:00Z")


def payload_hash(posted: Mapping[str, Any], key: bytes, known: Registry = REGISTRY) -> bytes:
    """The same for two writings of one event.

    Null, an empty list and a default are what is left out; instants, numbers and texts are
    compared as values. Raises: Problem.
    """
    return _hash(_meaning(posted, known), key)


def says_what(posted: Mapping[str, Any], key: bytes, logged: bytes) -> bool:
    """Whether it is what was logged under this hash, also where an earlier version hashed it.

    That took the JSON as it was posted, with its keys sorted.
    """
    try:
        return logged in (payload_hash(posted, key), _hash(posted, key))
    except Problem:
        return False


def _hash(value: Mapping[str, Any], key: bytes) -> bytes:
    text = orjson.dumps(value, option=orjson.OPT_SORT_KEYS)
    if len(text) > MAX_EVENT_BYTES:
        raise Problem(EVENT_TOO_LARGE)
    return hashlib.blake2b(text, key=key, digest_size=16).digest()


def _meaning(posted: Mapping[str, Any], known: Registry) -> dict[str, Any]:
    event = _of_dict({name: v for name, v in posted.items() if name not in _LEFT_OUT})
    if event.get("subject") == "":
        del event["subject"]
    data = event.get("data")
    if isinstance(data, dict):
        data = _without(data, _defaults_of_type(str(event.get("type")), known))
        if isinstance(data.get("person"), dict):
            data["person"] = _without(data["person"], _defaults(Person))
        event["data"] = data
    return event


def _of(value: Any) -> Any:
    kind = type(value)
    if kind is dict:
        return _of_dict(value)
    if kind is list:
        return [_of(item) for item in value]
    if kind is str:
        return _text(value)
    return int(value) if kind is float and abs(value) < _EXACT and value.is_integer() else value


def _of_dict(value: Mapping[str, Any]) -> dict[str, Any]:
    """Asked of every event that is posted, so that plain texts cost no call."""
    meant = {}
    for name, item in value.items():
        if type(item) is str:
            plain = len(item) < _SHORTEST_INSTANT and item.isascii()
            meant[name] = item if plain else _text(item)
        elif item is not None and item != []:
            meant[name] = _of(item)
    return meant


def _text(value: str) -> str:
    if len(value) >= _SHORTEST_INSTANT and value[4] == value[7] == "-":
        return _instant(value)
    return one_case(value) if value.isascii() else composed(value)


def _instant(value: str) -> str:
    try:
        instant = datetime.fromisoformat(value.upper())
        return instant.astimezone(UTC).isoformat() if instant.tzinfo else value
    except (ValueError, OverflowError):
        return composed(value)


def _without(said: Mapping[str, Any], defaults: Mapping[str, Any]) -> dict[str, Any]:
    return {name: v for name, v in said.items() if name not in defaults or v != defaults[name]}


def _defaults_of_type(name: str, known: Registry) -> Mapping[str, Any]:
    """Of the version that was posted."""
    if former := known.former(name):
        return former.defaults
    event_class = known.by_type.get(name)
    return _defaults_of_data(event_class) if event_class else {}


@cache
def _defaults_of_data(event_class: type[Event]) -> Mapping[str, Any]:
    data_class: Any = event_class.model_fields["data"].annotation
    return _defaults(data_class)


@cache
def _defaults(of: type[BaseModel]) -> Mapping[str, Any]:
    """As they are written in JSON."""
    found = {name: field.default for name, field in of.model_fields.items()}
    return {
        name: default.value if isinstance(default, Enum) else default
        for name, default in found.items()
        if default is not PydanticUndefined
    }
