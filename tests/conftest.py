"""Real servers for the tests that need them; a test that asks for none of them is a unit test."""

import os
import uuid
from collections.abc import Iterator
from typing import NamedTuple
from urllib.parse import quote

import httpx
import pytest
from pymongo import MongoClient

from deploy.local.mongod import Mongod
from deploy.local.rabbitmq import RabbitNode
from tests.servers import private_broker, private_mongod

REAL_PARTS = {"mongo_url", "broker", "faulty_mongod", "faulty_broker", "real_processes"}


class Broker(NamedTuple):
    amqp_url: str
    management_url: str


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Marks each test by what it uses, and runs the quick ones first."""
    for item in items:
        real = REAL_PARTS & set(getattr(item, "fixturenames", ()))
        item.add_marker("integration" if real else "unit")
    items.sort(key=lambda item: item.get_closest_marker("integration") is not None)


@pytest.fixture
def real_processes() -> None:
    """Asked for by a test that starts processes of its own, so that it counts as integration."""


@pytest.fixture(scope="session")
def mongo_url() -> Iterator[str]:
    """A replica set for the whole run: TUNGNGO_TEST_MONGO_URL, else a private one."""
    if given := os.environ.get("TUNGNGO_TEST_MONGO_URL"):
        yield given
        return
    with private_mongod() as mongod:
        yield mongod.url


@pytest.fixture
def database_name(mongo_url: str) -> Iterator[str]:
    """A database of this test alone, dropped afterwards."""
    name = f"test_{uuid.uuid4().hex[:12]}"
    yield name
    with MongoClient[dict[str, object]](mongo_url) as client:
        for database in client.list_database_names():
            if database.startswith(name):
                client.drop_database(database)


@pytest.fixture(scope="session")
def broker() -> Iterator[Broker]:
    """TUNGNGO_TEST_AMQP_URL with TUNGNGO_TEST_RABBITMQ_API, else a private node."""
    if given := os.environ.get("TUNGNGO_TEST_AMQP_URL"):
        yield Broker(given, os.environ["TUNGNGO_TEST_RABBITMQ_API"])
        return
    with private_broker(with_management=True) as node:
        yield Broker(node.url, node.management_url)


@pytest.fixture(scope="session")
def amqp_url(broker: Broker) -> str:
    """The default vhost of the run's broker: shared, so name things uniquely in it."""
    return broker.amqp_url


@pytest.fixture
def vhost_url(broker: Broker) -> Iterator[str]:
    """An empty vhost of this test alone, gone afterwards with all that was declared in it."""
    name = f"test-{uuid.uuid4().hex[:12]}"
    user = httpx.URL(broker.amqp_url).username
    api = f"{broker.management_url}/api"
    with httpx.Client(timeout=30) as http:
        http.put(f"{api}/vhosts/{name}").raise_for_status()
        everything = {"configure": ".*", "write": ".*", "read": ".*"}
        http.put(f"{api}/permissions/{name}/{quote(user)}", json=everything).raise_for_status()
        yield str(httpx.URL(broker.amqp_url).copy_with(path=f"/{name}"))
        http.delete(f"{api}/vhosts/{name}").raise_for_status()


@pytest.fixture
def faulty_mongod() -> Iterator[Mongod]:
    """A mongod of this test alone, to kill and start again."""
    with private_mongod() as mongod:
        yield mongod


@pytest.fixture
def faulty_broker() -> Iterator[RabbitNode]:
    """A broker of this test alone, to kill and start again."""
    with private_broker() as node:
        yield node
