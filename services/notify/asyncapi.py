"""The AsyncAPI document of what notify hears, written from its subscribers."""

import json
from typing import Any

from faststream import AsyncAPI
from pydantic import SecretStr

from services.events.envelope import BATCH_MEDIA_TYPE
from services.messaging.topology import NOTIFY_CONTACTS
from services.notify.main import Notify
from services.notify.settings import NotifySettings

_SERVER = {"host": "broker.example", "protocol": "amqps", "protocolVersion": "0.9.1"}


def document() -> str:
    """JSON; nothing is connected to write it."""
    notify = Notify(
        NotifySettings(
            mongo_url=SecretStr("mongodb://nowhere.example"),
            broker_url=SecretStr("amqp://nowhere.example"),
            token_public_key="",
            notify_wrap_key=bytes(32),
        )
    )
    described = AsyncAPI(
        notify.broker,
        title="Từng Ngõ: notify",
        version="1",
        description="CloudEvents 1.0 in JSON arrays; `type` of a message is its events' type.",
    )
    corrected = _corrected(described.to_specification().to_jsonable())
    return json.dumps(corrected, ensure_ascii=False, indent=2) + "\n"


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
