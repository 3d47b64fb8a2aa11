"""The database and the broker: those that settings name, else private ones of ours."""

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from deploy.local.mongod import Mongod
from deploy.local.places import LOCAL
from deploy.local.process import Child
from deploy.local.progress import step
from deploy.local.rabbitmq import SERVER, RabbitNode, find_or_install, find_script
from deploy.local.settings import Servers

MONGO_PORT = 27117
AMQP_PORT = 5772
"""Beside the usual ones, so that a server of the machine's own is left alone."""


@contextmanager
def servers() -> Iterator[tuple[Servers, list[Child]]]:
    """Runs what is missing until the block ends; both start, and stop, side by side."""
    mongod = None if "MONGO_URL" in os.environ else Mongod(LOCAL / "mongod", MONGO_PORT)
    node = None if "BROKER_URL" in os.environ else RabbitNode(LOCAL / "rabbitmq", AMQP_PORT)
    ours = [server for server in (mongod, node) if server]
    try:
        _start(ours)
        yield (
            Servers(
                mongod.url if mongod else os.environ["MONGO_URL"],
                node.url if node else os.environ["BROKER_URL"],
                ours=mongod is not None,
            ),
            [server.child for server in ours if server.child],
        )
    finally:
        _end(ours)


def _start(ours: Sequence[Mongod | RabbitNode]) -> None:
    if any(isinstance(server, RabbitNode) for server in ours) and not find_script(SERVER):
        with step("Cài RabbitMQ", "RabbitMQ installed"):
            find_or_install()
    with step("MongoDB và RabbitMQ", "MongoDB and RabbitMQ"):
        for server in ours:
            server.spawn()
        for server in ours:
            server.wait_ready()


def _end(ours: Sequence[Mongod | RabbitNode]) -> None:
    with step("Dừng MongoDB và RabbitMQ", "MongoDB and RabbitMQ end"):
        for server in ours:
            if server.child:
                server.child.ask_to_end()
        for server in ours:
            server.stop()
