"""JSON Schemas of the events, written from their classes: as posted, and as published."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from services.events.described import described
from services.events.envelope import POSTED_ID, Event
from services.events.person import Person
from services.events.registry import BY_TYPE, adapter

DIALECT = "https://json-schema.org/draft/2020-12/schema"
SET_BY_SERVER = ("recordedtime", "devicetime", "admittedby")
IDS_OF_A_PERSON = ("citizen_id", "household_id", "member_id", "certificate")
"""Ids that registration writes where `data.person` was posted."""

_COMPONENT = "#/components/schemas/"
_IN_DEFS = "#/$defs/{model}"

_BOUNDS = {"ge": "minimum", "gt": "exclusiveMinimum", "le": "maximum", "lt": "exclusiveMaximum"}

Schema = dict[str, Any]


def published(event_class: type[Event]) -> Schema:
    """What stands in an event log and on the broker."""
    schema = _schema(event_class)
    schema["required"] = [*schema["required"], "recordedtime", "subject"]
    return schema


def posted(event_class: type[Event]) -> Schema:
    """What a client posts: `person` may stand in place of the ids that it leads to."""
    schema = _schema(event_class)
    for name in SET_BY_SERVER:
        del schema["properties"][name]
    schema["properties"]["id"]["pattern"] = POSTED_ID
    data_class = event_class.model_fields["data"].annotation
    data = schema["$defs"][getattr(data_class, "__name__", "")]
    ids = [name for name in IDS_OF_A_PERSON if name in data["properties"]]
    if ids:
        _let_a_person_stand_for(ids, data)
        person = standard(Person.model_json_schema(ref_template=_IN_DEFS))
        _describe("Person", person)
        schema["$defs"] |= {**person.pop("$defs"), "Person": person}
    return schema


def all_schemas() -> Mapping[str, Schema]:
    """By file name: `published/<type>.json`, and `posted/<type>.json` of what somebody may post."""
    return {
        f"{folder}/{name}.json": made(event_class)
        for name, event_class in BY_TYPE.items()
        for folder, made in (("posted", posted), ("published", published))
        if event_class.posted or made is published
    }


def component(prefix: str, event_class: type[Event]) -> str:
    """Where a type stands in a document of `components`."""
    return _COMPONENT + prefix + event_class.__name__


def components(
    event_classes: Iterable[type[Event]], made: Callable[[type[Event]], Schema], prefix: str
) -> dict[str, Schema]:
    """By name, for a document in which references begin at its root and names are unique."""
    found: dict[str, Schema] = {}
    for event_class in event_classes:
        schema = _rooted(made(event_class), prefix)
        del schema["$schema"]
        found |= {prefix + name: part for name, part in schema.pop("$defs").items()}
        found[prefix + event_class.__name__] = schema
    return found


def _rooted(schema: Any, prefix: str) -> Any:
    """Generators name classes by titles, which are not unique in a document."""
    if isinstance(schema, dict):
        kept = {key: part for key, part in schema.items() if not _is_title(key, part)}
        return {key: _rooted(part, prefix) for key, part in kept.items()}
    if isinstance(schema, list):
        return [_rooted(part, prefix) for part in schema]
    if isinstance(schema, str):
        return schema.replace("#/$defs/", _COMPONENT + prefix)
    return schema


def _is_title(key: str, part: object) -> bool:
    """A field that happens to be called so holds a schema."""
    return key == "title" and isinstance(part, str)


def _schema(event_class: type[Event]) -> Schema:
    schema: Schema = standard(adapter(event_class).json_schema(ref_template=_IN_DEFS))
    schema["$schema"] = DIALECT
    schema["required"] = sorted({*schema["required"], "specversion", "type"})
    _describe(event_class.__name__, schema)
    for model, part in schema["$defs"].items():
        _describe(model, part)
    return schema


def standard(schema: Any) -> Any:
    """Without what pydantic writes of bounds that JSON Schema has other words for, or none."""
    if isinstance(schema, list):
        return [standard(part) for part in schema]
    if not isinstance(schema, dict):
        return schema
    kept = {key: standard(part) for key, part in schema.items() if not _is_bound(key, part)}
    bounds = {_BOUNDS[key]: part for key, part in schema.items() if _is_bound(key, part)}
    return kept | {key: part for key, part in bounds.items() if isinstance(part, int | float)}


def _is_bound(key: str, part: object) -> bool:
    """A field that happens to be called so holds a schema."""
    return key in _BOUNDS and not isinstance(part, dict)


def _describe(model: str, schema: Schema) -> None:
    for field, part in schema.get("properties", {}).items():
        if "description" not in part and (sentence := described(model, field)):
            part["description"] = sentence


def _let_a_person_stand_for(ids: list[str], data: Schema) -> None:
    needed = [name for name in data.get("required", []) if name in ids]
    data["properties"]["person"] = {"$ref": "#/$defs/Person"}
    _describe("", data)
    data["required"] = [name for name in data.get("required", []) if name not in ids]
    if needed:
        data["anyOf"] = [{"required": needed}, {"required": ["person"]}]
