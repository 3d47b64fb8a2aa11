"""What each user of the composed broker may do, and no more, asked of a real broker."""

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import aio_pika
import pytest
from aio_pika.exceptions import AMQPConnectionError
from aiormq.exceptions import ChannelAccessRefused

from deploy import compose_secrets
from services.messaging import topology
from services.messaging.amqp import AmqpBroker
from services.platform.personal_data.contact_wire import CONTACT_SHARED
from tests.eventually import PATIENCE_S
from tests.servers import private_broker

PARTITIONS = 2
ROUTED = topology.routing_key("citizen.assisted.v1", 0)


@pytest.fixture(scope="module")
def urls(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """The address of the broker for each user, as in the secrets but on this machine."""
    secrets = tmp_path_factory.mktemp("secrets")
    compose_secrets.write_missing(secrets)
    loaded = f"load_definitions = {secrets / 'broker_definitions'}"
    with private_broker(further_configuration=(loaded,)) as node:
        yield {
            user: _on_port(secrets / f"{user}_broker_url", node.port)
            for user in compose_secrets.BROKER_RIGHTS
        } | {"guest": node.url}


def _on_port(secret: Path, port: int) -> str:
    url = urlsplit(secret.read_text())
    return url._replace(netloc=f"{url.username}:{url.password}@127.0.0.1:{port}").geturl()


async def test_guest_does_not_exist(real_processes: None, urls: dict[str, str]) -> None:
    with pytest.raises(AMQPConnectionError):
        await aio_pika.connect(urls["guest"])


async def test_topology_is_declared_once_and_again(
    real_processes: None, urls: dict[str, str]
) -> None:
    async with await aio_pika.connect(urls["messaging"]) as connection:
        await topology.declare(await connection.channel(), PARTITIONS)
        await topology.declare(await connection.channel(), PARTITIONS)


async def test_event_published_by_registration_is_read_by_reporting(
    real_processes: None, urls: dict[str, str]
) -> None:
    await _declare(urls)

    await _publish(urls["registration"], topology.READERS, topology.partition_queue(0))

    assert await _read(urls["reporting"], topology.partition_queue(0)) == b"[]"


async def test_notify_reads_contacts_and_answers_with_events(
    real_processes: None, urls: dict[str, str]
) -> None:
    await _declare(urls)

    await _publish(urls["registration"], topology.PRIVATE, CONTACT_SHARED)
    await _publish(urls["notify"], topology.READERS, topology.partition_queue(0))

    assert await _read(urls["notify"], topology.NOTIFY_CONTACTS) == b"[]"


async def test_dead_letter_is_given_back_to_its_own_queue(
    real_processes: None, urls: dict[str, str]
) -> None:
    await _declare(urls)

    async with await aio_pika.connect(urls["messaging"]) as connection:
        channel = await connection.channel(publisher_confirms=True)
        await channel.default_exchange.publish(
            aio_pika.Message(b"[]"), topology.partition_queue(1), timeout=PATIENCE_S
        )

    assert await _read(urls["reporting"], topology.partition_queue(1)) == b"[]"


@pytest.mark.parametrize(
    ("user", "queue"),
    [
        ("reporting", topology.EVENTS_DEAD_LETTERS),
        ("registration", topology.PRIVATE_DEAD_LETTERS),
        ("notify", topology.PRIVATE_DEAD_LETTERS),
    ],
)
async def test_dead_letters_are_counted_without_a_right_to_them(
    real_processes: None, urls: dict[str, str], user: str, queue: str
) -> None:
    await _declare(urls)

    assert await AmqpBroker(urls[user]).depth(queue) == 0
    assert await AmqpBroker(urls[user]).depth("nowhere") is None


async def test_reporting_sends_on_what_lies_in_a_former_partition(
    real_processes: None, urls: dict[str, str]
) -> None:
    await _declare(urls)

    await _publish(urls["reporting"], topology.READERS, topology.partition_queue(0))

    assert await _read(urls["reporting"], topology.partition_queue(0)) == b"[]"


async def test_operator_tells_reporting_what_it_goes_without(
    real_processes: None, urls: dict[str, str]
) -> None:
    await _declare(urls)

    await _publish(urls["messaging"], topology.READERS, topology.partition_queue(1))

    assert await _read(urls["reporting"], topology.partition_queue(1)) == b"[]"


@pytest.mark.parametrize(
    ("user", "queue"),
    [
        ("registration", topology.partition_queue(0)),
        ("registration", topology.NOTIFY_CONTACTS),
        ("reporting", topology.NOTIFY_CONTACTS),
        ("reporting", topology.NOTIFY_EVENTS),
        ("notify", topology.partition_queue(0)),
    ],
)
async def test_nobody_reads_what_is_for_another(
    real_processes: None, urls: dict[str, str], user: str, queue: str
) -> None:
    await _declare(urls)

    with pytest.raises(ChannelAccessRefused):
        await _read(urls[user], queue)


@pytest.mark.parametrize(
    ("user", "exchange"),
    [
        ("reporting", topology.EVENTS),
        ("reporting", topology.PRIVATE),
        ("notify", topology.PRIVATE),
        ("registration", topology.EVENTS_DEAD_LETTERS),
    ],
)
async def test_nobody_publishes_where_another_speaks(
    real_processes: None, urls: dict[str, str], user: str, exchange: str
) -> None:
    await _declare(urls)

    with pytest.raises(ChannelAccessRefused):
        await _publish(urls[user], exchange, ROUTED)


@pytest.mark.parametrize("user", ["registration", "reporting", "notify"])
async def test_services_declare_nothing(
    real_processes: None, urls: dict[str, str], user: str
) -> None:
    async with await aio_pika.connect(urls[user]) as connection:
        channel = await connection.channel()
        with pytest.raises(ChannelAccessRefused):
            await channel.declare_queue("a.queue.of.its.own")


async def _declare(urls: dict[str, str]) -> None:
    async with await aio_pika.connect(urls["messaging"]) as connection:
        await topology.declare(await connection.channel(), PARTITIONS)


async def _publish(url: str, exchange: str, key: str) -> None:
    async with await aio_pika.connect(url) as connection:
        channel = await connection.channel(publisher_confirms=True)
        at = await channel.get_exchange(exchange)
        await at.publish(aio_pika.Message(b"[]"), key, timeout=PATIENCE_S)


async def _read(url: str, name: str) -> bytes:
    """The first message of a queue, acknowledged."""
    async with await aio_pika.connect(url) as connection:
        queue = await (await connection.channel()).get_queue(name)
        async with queue.iterator(timeout=PATIENCE_S) as messages:
            async for message in messages:
                await message.ack()
                return message.body
    raise AssertionError(f"{name} was closed")
