"""JSON Schemas of the events, written from their classes: as posted, and as published."""

from collections.abc import Mapping
from typing import Any

from services.events.envelope import Event
from services.events.person import Person
from services.events.registry import BY_TYPE, adapter

DIALECT = "https://json-schema.org/draft/2020-12/schema"
SET_BY_SERVER = ("recordedtime", "devicetime", "admittedby")
IDS_OF_A_PERSON = ("citizen_id", "household_id", "member_id", "certificate")
"""Ids that registration writes where `data.person` was posted."""

_IN_DEFS = "#/$defs/{model}"

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
    data_class = event_class.model_fields["data"].annotation
    data = schema["$defs"][getattr(data_class, "__name__", "")]
    ids = [name for name in IDS_OF_A_PERSON if name in data["properties"]]
    if ids:
        _let_a_person_stand_for(ids, data)
        person = Person.model_json_schema(ref_template=_IN_DEFS)
        schema["$defs"] |= {**person.pop("$defs"), "Person": person}
    return schema


def all_schemas() -> Mapping[str, Schema]:
    """By file name: `posted/<type>.json` and `published/<type>.json`."""
    return {
        f"{folder}/{name}.json": made(event_class)
        for name, event_class in BY_TYPE.items()
        for folder, made in (("posted", posted), ("published", published))
    }


def _schema(event_class: type[Event]) -> Schema:
    schema = adapter(event_class).json_schema(ref_template=_IN_DEFS)
    schema["$schema"] = DIALECT
    schema["required"] = sorted({*schema["required"], "specversion", "type"})
    return schema


def _let_a_person_stand_for(ids: list[str], data: Schema) -> None:
    needed = [name for name in data.get("required", []) if name in ids]
    data["properties"]["person"] = {"$ref": "#/$defs/Person"}
    data["required"] = [name for name in data.get("required", []) if name not in ids]
    if needed:
        data["anyOf"] = [{"required": needed}, {"required": ["person"]}]
