"""What reporting offers, as a document; nothing is connected to write it."""

import json

from pydantic import SecretStr

from services.reporting.main import create
from services.reporting.settings import ReportingSettings


def openapi_document() -> str:
    """What reporting answers over HTTP."""
    nobody = ReportingSettings(
        mongo_url=SecretStr("mongodb://nowhere.example"),
        broker_url=SecretStr("amqp://nowhere.example"),
    )
    return json.dumps(create(nobody).openapi(), ensure_ascii=False, indent=2, sort_keys=True) + "\n"
