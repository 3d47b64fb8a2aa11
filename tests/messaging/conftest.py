"""A broker with the topology on it, in a virtual host of one test's own."""

import pytest

from services.messaging.amqp import AmqpBroker
from services.messaging.topology import declare

PARTITIONS = 4


@pytest.fixture
async def amqp_broker(vhost_url: str) -> AmqpBroker:
    broker = AmqpBroker(vhost_url)
    async with broker.connection("declare") as connection, connection.channel() as channel:
        await declare(channel, PARTITIONS)
    return broker
