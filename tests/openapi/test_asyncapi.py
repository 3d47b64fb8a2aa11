"""The AsyncAPI document tells a third system all that it would bind to."""

import json
from functools import cache
from typing import Any

import pytest

from services.events.registry import BY_TYPE
from services.messaging.relay.packing import HEARTBEAT
from services.messaging.topology import EVENTS, heartbeat_key, routing_key
from tests.openapi.written import written


@cache
def document() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(written()["asyncapi.json"])
    return found


def channel() -> dict[str, Any]:
    """That of all events."""
    found: dict[str, Any] = document()["channels"][EVENTS]
    return found


def resolved(reference: str) -> Any:
    """What a reference leads to."""
    found: Any = document()
    for part in reference.removeprefix("#/").split("/"):
        found = found[part.replace("~1", "/").replace("~0", "~")]
    return found


def test_third_system_is_told_the_exchange_and_its_keys() -> None:
    assert channel()["bindings"]["amqp"]["exchange"] == {
        "name": EVENTS,
        "type": "topic",
        "durable": True,
        "autoDelete": False,
        "vhost": "/",
    }
    types = channel()["parameters"]["type"]["enum"]
    for partition in channel()["parameters"]["partition"]["enum"]:
        told = {channel()["address"].format(type=name, partition=partition) for name in types}
        ours = {routing_key(name, int(partition)) for name in BY_TYPE}
        assert told == ours | {heartbeat_key(int(partition))}


@pytest.mark.parametrize("name", [*BY_TYPE, HEARTBEAT])
def test_each_type_has_its_message_with_a_payload_that_resolves(name: str) -> None:
    message = resolved(channel()["messages"][name]["$ref"])

    assert message["bindings"]["amqp"]["messageType"] == name
    assert {"$ref": f"#/channels/{EVENTS}/messages/{name}"} in document()["operations"]["events"][
        "messages"
    ]
    if name != HEARTBEAT:
        schema = resolved(message["payload"]["items"]["$ref"])
        assert schema["properties"]["type"]["const"] == name
        assert "recordedtime" in schema["required"]


def test_every_reference_leads_somewhere() -> None:
    references = list(_references(document()))

    assert len(references) > 200
    for reference in references:
        resolved(reference)


def test_every_field_of_a_published_event_says_what_it_means() -> None:
    unsaid = [
        (name, field)
        for name, schema in document()["components"]["schemas"].items()
        if name.startswith("Published")
        for field, part in schema.get("properties", {}).items()
        if not part.get("description")
    ]

    assert unsaid == []


def _references(part: Any) -> list[str]:
    if isinstance(part, dict):
        own = [part["$ref"]] if isinstance(part.get("$ref"), str) else []
        return own + [r for value in part.values() for r in _references(value)]
    if isinstance(part, list):
        return [r for value in part for r in _references(value)]
    return []
