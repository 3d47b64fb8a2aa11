"""Real servers for the tests that need them; a test that asks for none of them is a unit test."""

import gc
import os
from collections.abc import AsyncIterator, Generator, Iterator
from typing import NamedTuple

import pytest
import structlog

from deploy.local.mongod import Mongod
from deploy.local.rabbitmq import RabbitNode
from services.platform.mongo import Client, connect
from tests.eventually import WHOLE_TEST_S
from tests.examples import load_profile
from tests.order import longest_first, quick_first
from tests.servers import own_database, own_vhost, private_broker, private_mongod

load_profile()

structlog.configure(
    processors=[
        structlog.stdlib.add_log_level,
        structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback),
    ]
)
"""The default draws a failure with its locals, for longer than a broker needs to come back."""

REAL_PARTS = {"mongo_url", "broker", "faulty_mongod", "faulty_broker", "real_processes"}


class Broker(NamedTuple):
    amqp_url: str
    management_url: str


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """What is imported stays to the end: looking through it for garbage took a tenth of a run."""
    gc.disable()
    collected = yield
    gc.freeze()
    gc.enable()
    return collected


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Marks each test by what it uses, gives it its time, and says which are run first."""
    for item in items:
        item.add_marker(pytest.mark.timeout(WHOLE_TEST_S))
        real = REAL_PARTS & set(getattr(item, "fixturenames", ()))
        item.add_marker("integration" if real else "unit")
    items.sort(key=longest_first if hasattr(config, "workerinput") else quick_first)


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
    with own_database(mongo_url) as name:
        yield name


@pytest.fixture
async def client(mongo_url: str) -> AsyncIterator[Client]:
    """A client of it."""
    client = connect(mongo_url)
    yield client
    client.close()


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
    with own_vhost(broker.amqp_url, broker.management_url) as url:
        yield url


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
