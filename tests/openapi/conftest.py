"""All three services with their people; whoever examines them may do what they like."""

from collections.abc import Iterator

import pytest

from services.platform.clock import utc_now
from tests.conftest import Broker
from tests.pipeline.people import Office, Phone, office_of
from tests.servers import own_database, own_vhost
from tests.stack import Stack, stack

RECEIPTS_SECRET = "a secret of the provider of these tests"
ADDRESS_SECRET = "part-of-the-address-of-a-webhook"
WARD = "27343"


@pytest.fixture(scope="package")
def system(mongo_url: str, broker: Broker) -> Iterator[Stack]:
    """As strict as in earnest, and patient with one who asks a thousand things a second."""
    with (
        own_vhost(broker.amqp_url, broker.management_url) as vhost,
        own_database(mongo_url) as database,
        stack(
            mongo_url,
            vhost,
            database,
            REGISTRATION_DEVICE_RATE="10000",
            REPORTING_ANONYMOUS_READING="false",
            NOTIFY_ANONYMOUS_READING="false",
            NOTIFY_PROVIDERS="http",
            NOTIFY_HTTP_PROVIDER_URL="http://127.0.0.1:9/nobody-listens",
            NOTIFY_HTTP_PROVIDER_SENDER="TUNGNGO",
            NOTIFY_RECEIPTS_SECRET=RECEIPTS_SECRET,
            NOTIFY_ESMS_WEBHOOK_SECRET=ADDRESS_SECRET,
            NOTIFY_SPEEDSMS_WEBHOOK_SECRET=ADDRESS_SECRET,
        ) as made,
    ):
        made.start()
        yield made


@pytest.fixture(scope="package")
def office(system: Stack) -> Iterator[Office]:
    """Its staff."""
    made = office_of(system, now=None)
    yield made
    made.close()


@pytest.fixture(scope="package")
def phone(office: Office) -> Iterator[Phone]:
    """A team's phone that has recorded a visit."""
    made = office.new_team(WARD).phone(now=None)
    made.record(made.visit(at=utc_now()))
    yield made
    made.close()
