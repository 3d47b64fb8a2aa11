"""The private servers keep what they hold through crashes, and leave nothing behind."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import aio_pika
import pytest
from pymongo import MongoClient

from deploy.local.mongod import Mongod
from deploy.local.process import Child
from deploy.local.rabbitmq import RabbitNode
from tests.eventually import PATIENCE_S, eventually
from tests.servers import remembers


def test_killed_mongod_comes_back_with_its_data(faulty_mongod: Mongod) -> None:
    with MongoClient[dict[str, object]](faulty_mongod.url, w="majority", journal=True) as client:
        client["wards"]["names"].insert_one({"_id": "26740"})

        faulty_mongod.kill()
        faulty_mongod.start()

        assert client["wards"]["names"].find_one() == {"_id": "26740"}


def test_mongod_moved_to_another_port_keeps_its_data(faulty_mongod: Mongod) -> None:
    with MongoClient[dict[str, object]](faulty_mongod.url) as client:
        client["wards"]["names"].insert_one({"_id": "26740"})
    old_port = faulty_mongod.port

    faulty_mongod.stop()
    faulty_mongod.port = 0
    faulty_mongod.start()

    assert faulty_mongod.port != old_port
    with MongoClient[dict[str, object]](faulty_mongod.url) as client:
        assert client["wards"]["names"].find_one() == {"_id": "26740"}


async def test_killed_broker_comes_back_with_its_queues(faulty_broker: RabbitNode) -> None:
    async with await aio_pika.connect(faulty_broker.url) as connection:
        channel = await connection.channel()
        await channel.declare_queue(
            "reporting.p0", durable=True, arguments={"x-queue-type": "quorum"}
        )
        message = aio_pika.Message(b"event", delivery_mode=aio_pika.DeliveryMode.PERSISTENT)
        await channel.default_exchange.publish(message, "reporting.p0")
    await eventually(lambda: remembers(faulty_broker, "reporting.p0"))

    faulty_broker.kill()
    faulty_broker.start()

    async with await aio_pika.connect(faulty_broker.url) as connection:
        channel = await connection.channel()
        queue = await channel.get_queue("reporting.p0")
        received = await eventually(lambda: queue.get(fail=False))
        assert received.body == b"event"


async def test_what_one_test_declares_no_other_sees(vhost_url: str, amqp_url: str) -> None:
    async with await aio_pika.connect(vhost_url) as connection:
        channel = await connection.channel()
        await channel.declare_exchange("of-this-test-alone")

    async with await aio_pika.connect(amqp_url) as connection:
        channel = await connection.channel()
        with pytest.raises(aio_pika.exceptions.ChannelNotFoundEntity):
            await channel.get_exchange("of-this-test-alone")


STARTS_A_CHILD_AND_DIES = """
import os, signal, sys
from pathlib import Path
from deploy.local.process import Child
child = Child(["sleep", "600"], Path(sys.argv[1]))
print(child.pid, flush=True)
os.kill(os.getpid(), signal.SIGKILL)
"""


async def test_child_dies_with_a_parent_that_was_killed(tmp_path: Path) -> None:
    parent = subprocess.run(
        [sys.executable, "-c", STARTS_A_CHILD_AND_DIES, str(tmp_path / "log")],
        capture_output=True,
        text=True,
        timeout=PATIENCE_S,
    )
    child_pid = int(parent.stdout)

    await eventually(lambda: not _lives(child_pid))


def test_paused_child_can_still_be_stopped(tmp_path: Path) -> None:
    child = Child(["sleep", "600"], tmp_path / "log")
    child.signal(signal.SIGSTOP)

    child.stop(patience_s=PATIENCE_S)

    assert child.returncode == -signal.SIGTERM


def _lives(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return False
    return state not in "ZX" and os.getpid() != pid
