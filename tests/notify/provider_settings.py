"""Settings of a provider, beside what every service is told."""

from typing import Any, TypeVar

from pydantic import SecretStr

from services.platform.settings import ServiceSettings

S = TypeVar("S", bound=ServiceSettings)

_SERVICE = {
    "mongo_url": SecretStr("mongodb://nowhere.example"),
    "mongo_database": "notify",
    "broker_url": SecretStr("amqp://nowhere.example"),
    "port": 8103,
}


def settings_of(kind: type[S], **values: Any) -> S:
    return kind.model_validate(_SERVICE | values)
