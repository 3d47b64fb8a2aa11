"""The AsyncAPI document says what notify hears."""

import json
from typing import Any

import pytest

from services.events.envelope import BATCH_MEDIA_TYPE
from services.messaging.topology import NOTIFY_TYPES
from services.notify.documents import heard_by_notify


@pytest.fixture(scope="module")
def heard() -> dict[str, Any]:
    return heard_by_notify()


def test_events_are_documented_as_the_batches_that_they_are(heard: dict[str, Any]) -> None:
    assert heard["defaultContentType"] == BATCH_MEDIA_TYPE
    schemas = heard["components"]["schemas"]
    arrays = [schema for schema in schemas.values() if schema.get("type") == "array"]
    types = {
        schemas[array["items"]["$ref"].rpartition("/")[2]]["properties"]["type"]["const"]
        for array in arrays
    }
    assert types == set(NOTIFY_TYPES)


def test_document_names_no_server_of_ours(heard: dict[str, Any]) -> None:
    assert heard["servers"] == {
        "broker": {"host": "broker.example", "protocol": "amqps", "protocolVersion": "0.9.1"}
    }
    assert "localhost" not in json.dumps(heard)
