"""Dead letters: one suite on both brokers, and the trail."""

import pytest

from services.messaging.amqp import AmqpBroker
from services.messaging.dead_letters.acts import MongoTrail
from services.messaging.dead_letters.letters import Letter
from services.platform.mongo import Client
from tests.eventually import SILENCE_S
from tests.messaging.dead_letters_contract import DeadLettersContract
from tests.messaging.entries import NOON
from tests.twins.broker import BrokerTwin


class TestTwin(DeadLettersContract):
    quiet_s = 0.02

    @pytest.fixture
    def broker(self) -> BrokerTwin:
        return BrokerTwin()


class TestRabbitMQ(DeadLettersContract):
    quiet_s = SILENCE_S / 3

    @pytest.fixture
    def broker(self, amqp_broker: AmqpBroker) -> AmqpBroker:
        return amqp_broker


async def test_trail_says_who_did_what_when_to_which_event(
    client: Client, database_name: str
) -> None:
    letter = Letter("l-1", "reporting.p0", "invalid", "citizen.assisted.v1", "m-1", ("event-1",))

    await MongoTrail(client[database_name], clock=lambda: NOON).record("replayed", "ops", [letter])

    [act] = await client[database_name]["dead_letter_acts"].find().to_list(None)
    assert (act["act"], act["by"], act["at"]) == ("replayed", "ops", NOON)
    assert act["letters"][0]["event_ids"] == ["event-1"]
    assert act["letters"][0]["queue"] == "reporting.p0"
