"""One running system for all tests that leave it running, with people who use it."""

from collections.abc import Iterator

import pytest

from deploy.local.settings import SERVICES
from tests.conftest import Broker
from tests.pipeline.people import WARDS, Office, Phone, office_of
from tests.pipeline.traces import Receiver, receiver
from tests.servers import own_database, own_vhost
from tests.stack import Stack, stack

RECEIPTS_SECRET = "a secret of the provider of these tests"


@pytest.fixture(scope="package")
def vhost(broker: Broker) -> Iterator[str]:
    """An empty vhost of these tests."""
    with own_vhost(broker.amqp_url, broker.management_url) as url:
        yield url


@pytest.fixture(scope="package")
def database(mongo_url: str) -> Iterator[str]:
    """The beginning of the names of these tests's databases."""
    with own_database(mongo_url) as name:
        yield name


@pytest.fixture(scope="package")
def traces() -> Iterator[Receiver]:
    """All spans of the services."""
    with receiver() as received:
        yield received


@pytest.fixture(scope="package")
def system(mongo_url: str, vhost: str, database: str, traces: Receiver) -> Iterator[Stack]:
    """All three services, as strict as in earnest but for the clock."""
    traced = {f"{service.upper()}_OTLP_ENDPOINT": traces.url for service in SERVICES}
    with stack(
        mongo_url,
        vhost,
        database,
        REGISTRATION_DEMO="true",
        NOTIFY_DEMO="true",
        NOTIFY_POLL_S="0.1",
        NOTIFY_REPLY_NUMBER="8080",
        NOTIFY_PROVIDERS="console;http",
        NOTIFY_HTTP_PROVIDER_URL="http://127.0.0.1:9/nobody-listens",
        NOTIFY_RECEIPTS_SECRET=RECEIPTS_SECRET,
        REPORTING_ANONYMOUS_READING="false",
        NOTIFY_ANONYMOUS_READING="false",
        OTEL_BSP_SCHEDULE_DELAY="200",
        **traced,
    ) as made:
        made.start()
        yield made


@pytest.fixture(scope="package")
def office(system: Stack) -> Iterator[Office]:
    """Its staff."""
    made = office_of(system)
    yield made
    made.close()


@pytest.fixture(scope="package")
def wards() -> Iterator[str]:
    """Each ward once."""
    return iter(WARDS)


@pytest.fixture
def ward(wards: Iterator[str]) -> str:
    """One in which no other test has done anything."""
    return next(wards)


@pytest.fixture
def phone(office: Office, ward: str) -> Iterator[Phone]:
    """A phone of a new team in a ward where nothing has happened yet."""
    made = office.new_team(ward).phone()
    yield made
    made.close()
