"""The AsyncAPI document: what a third system may hear on the broker, and what notify hears."""

import inspect
import json
from typing import Any

from services.events.envelope import BATCH_MEDIA_TYPE, Event
from services.events.registry import BY_TYPE
from services.events.schemas import component, components, published
from services.messaging.relay.packing import HEARTBEAT, MAX_EVENTS
from services.messaging.topology import EVENTS
from services.notify.documents import heard_by_notify

Document = dict[str, Any]
_BINDING = "0.3.0"
_PARTITIONS = 4
_EXCHANGE = {"name": EVENTS, "type": "topic", "durable": True, "autoDelete": False, "vhost": "/"}
_PREFIX = "Published"
_ABOUT = (
    "Every event is published to the topic exchange `events`, at least once and in no promised "
    "order; tell repetitions by the events' ids. Nothing personal is in them.\n\n"
    "Declare a queue of your own (durable, `x-queue-type: quorum`, with a length that you can bear "
    "and `x-overflow: drop-head`, or without a limit, and not `reject-publish`) and bind it to "
    "this exchange: `#` for everything, `citizen.assisted.v1.*` for one type, `#.p0` for one "
    "partition. What your queue refuses is lost to you and holds up nobody."
)


def document() -> str:
    """As it is written down."""
    return json.dumps(_whole(), ensure_ascii=False, indent=2, sort_keys=True) + "\n"


def _whole() -> Document:
    whole = heard_by_notify()
    names = {**{name: f"{EVENTS}:{name}" for name in BY_TYPE}, HEARTBEAT: f"{EVENTS}:{HEARTBEAT}"}
    whole["info"] |= {"title": "Từng Ngõ", "description": _ABOUT}
    whole["channels"][EVENTS] = _channel(names)
    whole["operations"]["events"] = {
        "action": "send",
        "channel": {"$ref": f"#/channels/{EVENTS}"},
        "summary": "Everything that was recorded",
        "messages": [{"$ref": f"#/channels/{EVENTS}/messages/{name}"} for name in names],
    }
    messages = whole["components"]["messages"]
    messages |= {names[name]: _message(name, c) for name, c in BY_TYPE.items()}
    messages[names[HEARTBEAT]] = _heartbeat()
    whole["components"]["schemas"] |= components(BY_TYPE.values(), published, _PREFIX)
    return whole


def _channel(names: dict[str, str]) -> Document:
    amqp = {"is": "routingKey", "exchange": _EXCHANGE, "bindingVersion": _BINDING}
    return {
        "address": "{type}.p{partition}",
        "title": "All events",
        "description": _ABOUT,
        "servers": [{"$ref": "#/servers/broker"}],
        "parameters": {
            "type": {"enum": list(names), "description": "The type of all events in a message"},
            "partition": {
                "description": "CRC-32 of the ward's code, modulo the number of partitions",
                "enum": [str(n) for n in range(_PARTITIONS)],
                "default": "0",
            },
        },
        "bindings": {"amqp": amqp},
        "messages": {name: {"$ref": f"#/components/messages/{key}"} for name, key in names.items()},
    }


def _message(name: str, event_class: type[Event]) -> Document:
    """1 to 100 whole events of one type."""
    return {
        "name": name,
        "title": name,
        "summary": inspect.getdoc(event_class) or "",
        "contentType": BATCH_MEDIA_TYPE,
        "headers": _headers(1, MAX_EVENTS),
        "payload": {
            "type": "array",
            "minItems": 1,
            "maxItems": MAX_EVENTS,
            "items": {"$ref": component(_PREFIX, event_class)},
        },
        "bindings": {"amqp": {"messageType": name, "bindingVersion": _BINDING}},
    }


def _heartbeat() -> Document:
    return {
        "name": HEARTBEAT,
        "title": HEARTBEAT,
        "summary": "Each second that is quiet: the relay is alive, and how far all is published",
        "contentType": BATCH_MEDIA_TYPE,
        "headers": _headers(0, 0),
        "payload": {"type": "array", "maxItems": 0},
        "bindings": {"amqp": {"messageType": HEARTBEAT, "bindingVersion": _BINDING}},
    }


def _headers(least: int, most: int) -> Document:
    return {
        "type": "object",
        "required": ["count", "oldest_pending"],
        "properties": {
            "count": {
                "type": "integer",
                "minimum": least,
                "maximum": most,
                "description": "How many events are in the message",
            },
            "oldest_pending": {
                "type": "string",
                "format": "date-time",
                "description": "When the oldest of them was recorded",
            },
        },
    }
