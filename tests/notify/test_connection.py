"""Notify's connection while queues and brokers go away, on a real broker and a real database."""

from pathlib import Path

import pytest

from deploy.local.rabbitmq import RabbitNode
from services.messaging.amqp import AmqpBroker
from services.messaging.topology import NOTIFY_CONTACTS, NOTIFY_EVENTS
from tests.builders import an_id
from tests.eventually import eventually
from tests.notify.harness import assisted
from tests.notify.test_service import Running, declare_in, notify
from tests.servers import remembers


async def delete(amqp_url: str, queue: str) -> None:
    """As an operator's mistake does, or a node that lost its disk."""
    async with AmqpBroker(amqp_url).connection("delete") as connection:
        await (await connection.channel()).queue_delete(queue)


async def is_missed(running: Running) -> bool:
    answer = await running.http.get("/readyz")
    assert answer.json()["parts"] == {"database": "ready", "broker": "NotConsuming"}
    return answer.status_code == 503


async def one_sms_is_sent(running: Running) -> None:
    """To somebody new, who needs both queues for it."""
    citizen, before = an_id("citizen"), len(await running.sent())
    await running.share(citizen, "0900000007")
    await running.consent(citizen)
    await running.publish(assisted(citizen))

    async def one_more() -> bool:
        return len(await running.sent()) == before + 1

    await eventually(one_more)


@pytest.mark.parametrize("queue", [NOTIFY_EVENTS, NOTIFY_CONTACTS])
async def test_queue_that_was_deleted_is_missed_and_heard_once_it_is_declared_again(
    mongo_url: str, database_name: str, vhost_url: str, tmp_path: Path, queue: str
) -> None:
    await declare_in(vhost_url)
    async with notify(mongo_url, database_name, vhost_url, tmp_path) as running:
        await eventually(running.ready)
        await one_sms_is_sent(running)

        await delete(vhost_url, queue)
        await eventually(lambda: is_missed(running))
        await declare_in(vhost_url)

        await eventually(running.ready)
        await one_sms_is_sent(running)


async def test_broker_that_comes_back_without_a_queue_is_heard_once_it_is_declared_again(
    mongo_url: str, database_name: str, faulty_broker: RabbitNode, tmp_path: Path
) -> None:
    await declare_in(faulty_broker.url)
    async with notify(mongo_url, database_name, faulty_broker.url, tmp_path) as running:
        await eventually(running.ready)
        await delete(faulty_broker.url, NOTIFY_CONTACTS)
        await eventually(lambda: is_missed(running))
        await eventually(lambda: remembers(faulty_broker, NOTIFY_EVENTS))

        faulty_broker.kill()
        faulty_broker.start()
        await declare_in(faulty_broker.url)

        await eventually(running.ready)
        await one_sms_is_sent(running)


async def test_broker_that_is_away_at_the_start_is_waited_for_and_found_again(
    mongo_url: str, database_name: str, faulty_broker: RabbitNode, tmp_path: Path
) -> None:
    await declare_in(faulty_broker.url)
    faulty_broker.stop()
    async with notify(mongo_url, database_name, faulty_broker.url, tmp_path) as running:
        alive = await running.http.get("/livez")
        ready = await running.ready()
        faulty_broker.start()
        await eventually(running.ready)
        await one_sms_is_sent(running)

        faulty_broker.kill()
        faulty_broker.start()

        await one_sms_is_sent(running)
        assert (alive.status_code, ready) == (200, False)
