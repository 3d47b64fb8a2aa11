"""What notify offers and hears, as documents; nothing is connected to write them."""

import json
from typing import Any

from faststream import AsyncAPI
from pydantic import SecretStr

from services.events.envelope import BATCH_MEDIA_TYPE
from services.events.schemas import standard
from services.messaging.topology import NOTIFY_CONTACTS
from services.notify.main import Notify, create
from services.notify.settings import NotifySettings

_SERVER = {"host": "broker.example", "protocol": "amqps", "protocolVersion": "0.9.1"}


def openapi_document() -> str:
    """What notify answers over HTTP."""
    return _as_text(create(_nowhere()).openapi())


def heard_by_notify() -> dict[str, Any]:
    """What notify hears, as AsyncAPI, written from its subscribers."""
    described = AsyncAPI(
        Notify(_nowhere()).broker,
        title="Từng Ngõ: notify",
        version="1",
        description="CloudEvents 1.0 in JSON arrays; `type` of a message is its events' type.",
    )
    corrected: dict[str, Any] = standard(_corrected(described.to_specification().to_jsonable()))
    return corrected


def _nowhere() -> NotifySettings:
    return NotifySettings(
        mongo_url=SecretStr("mongodb://nowhere.example"),
        broker_url=SecretStr("amqp://nowhere.example"),
        token_public_key="",
        notify_wrap_key=bytes(32),
    )


def _as_text(document: dict[str, Any]) -> str:
    return json.dumps(document, ensure_ascii=False, indent=2, sort_keys=True) + "\n"


def _corrected(specification: dict[str, Any]) -> dict[str, Any]:
    """FastStream knows only `application/json`, and describes the catch-alls as empty payloads."""
    specification["defaultContentType"] = BATCH_MEDIA_TYPE
    specification["servers"] = {"broker": _SERVER}
    for channel in specification["channels"].values():
        channel["servers"] = [{"$ref": "#/servers/broker"}]
    components = specification["components"]
    components["schemas"].pop("EmptyPayload", None)
    for name, message in components["messages"].items():
        payloads = message["payload"]["oneOf"]
        message["payload"]["oneOf"] = [one for one in payloads if "EmptyPayload" not in one["$ref"]]
        if name.startswith(NOTIFY_CONTACTS):
            message["contentType"] = "application/json"
    return specification
