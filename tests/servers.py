"""Real servers of a test's own: a MongoDB and a RabbitMQ that it may kill and start again."""

import contextlib
import tempfile
from collections.abc import Iterator
from pathlib import Path

from deploy.local.mongod import Mongod
from deploy.local.rabbitmq import RabbitNode


@contextlib.contextmanager
def private_mongod() -> Iterator[Mongod]:
    """Runs until the block ends, also when it fails; has kill, stop, pause, resume and start.

    Starting it again finds the same data at the same address.
    """
    with tempfile.TemporaryDirectory(prefix="tungngo-mongod-") as folder:
        mongod = Mongod(Path(folder))
        try:
            mongod.start()
            yield mongod
        finally:
            _end(mongod)


@contextlib.contextmanager
def private_broker(
    *, with_management: bool = False, further_configuration: tuple[str, ...] = ()
) -> Iterator[RabbitNode]:
    """Runs until the block ends, also when it fails; has kill, stop, pause, resume and start.

    Starting it again finds the same queues at the same address.
    """
    with tempfile.TemporaryDirectory(prefix="tungngo-rabbitmq-") as folder:
        node = RabbitNode(
            Path(folder),
            with_management=with_management,
            further_configuration=further_configuration,
        )
        try:
            node.start()
            yield node
        finally:
            _end(node)


def remembers(node: RabbitNode, queue: str) -> bool:
    """Whether a quorum queue just declared would be found again after kill -9.

    RabbitMQ 3.10 writes its directory of quorum queues to the disk every half second; a queue
    killed before that comes back without a leader.
    """
    directories = node.folder.glob("data/*/quorum/*/names.dets")
    return any(queue.encode() in directory.read_bytes() for directory in directories)


def _end(server: Mongod | RabbitNode) -> None:
    """Its data go with it, so there is no need for an orderly stop, which takes seconds."""
    if server.child:
        server.kill()
    server.stop()
