"""The broker: one suite, and what only RabbitMQ can do wrong."""

import pytest

from services.messaging.amqp import AmqpBroker
from services.messaging.topology import Arguments
from tests.messaging.broker_contract import SMALL, BrokerContract
from tests.messaging.conftest import PARTITIONS
from tests.twins.broker import BrokerTwin


class TestTwin(BrokerContract):
    @pytest.fixture
    def broker(self) -> BrokerTwin:
        twin = BrokerTwin(PARTITIONS)
        twin.declare_small(SMALL, limit=1)
        return twin


class TestRabbitMQ(BrokerContract):
    @pytest.fixture
    async def broker(self, amqp_broker: AmqpBroker) -> AmqpBroker:
        arguments: Arguments = {
            "x-queue-type": "quorum",
            "x-max-length": 1,
            "x-overflow": "reject-publish",
        }
        async with amqp_broker.connection("small") as connection, connection.channel() as channel:
            await channel.declare_queue(SMALL, durable=True, arguments=arguments)
        return amqp_broker
