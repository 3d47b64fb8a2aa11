"""Real servers of a test's own: a MongoDB and a RabbitMQ that it may kill and start again."""

import contextlib
import tempfile
import uuid
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import httpx
from pymongo import MongoClient

from deploy.local.mongod import Mongod
from deploy.local.rabbitmq import RabbitNode
from tests import calls


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


@contextlib.contextmanager
def own_database(mongo_url: str) -> Iterator[str]:
    """A name that nobody else has; every database whose name begins with it goes afterwards."""
    name = f"test_{uuid.uuid4().hex[:12]}"
    try:
        yield name
    finally:
        with MongoClient[dict[str, object]](mongo_url) as client:
            for database in client.list_database_names():
                if database.startswith(name):
                    client.drop_database(database)


@contextlib.contextmanager
def own_vhost(amqp_url: str, management_url: str) -> Iterator[str]:
    """The address of an empty vhost, gone afterwards with all that was declared in it."""
    name = f"test-{uuid.uuid4().hex[:12]}"
    user = quote(httpx.URL(amqp_url).username)
    api = f"{management_url}/api"
    with calls.client() as http:
        http.put(f"{api}/vhosts/{name}").raise_for_status()
        everything = {"configure": ".*", "write": ".*", "read": ".*"}
        http.put(f"{api}/permissions/{name}/{user}", json=everything).raise_for_status()
        try:
            yield str(httpx.URL(amqp_url).copy_with(path=f"/{name}"))
        finally:
            http.delete(f"{api}/vhosts/{name}").raise_for_status()


def remembers(node: RabbitNode, *queues: str) -> bool:
    """Whether quorum queues just declared would be found again after kill -9.

    RabbitMQ 3.10 writes its directory of quorum queues to the disk every half second; a queue
    killed before that comes back without a leader.
    """
    directories = [found.read_bytes() for found in node.folder.glob("data/*/quorum/*/names.dets")]
    return all(any(name.encode() in found for found in directories) for name in queues)


def _end(server: Mongod | RabbitNode) -> None:
    """Its data go with it, so there is no need for an orderly stop, which takes seconds."""
    if server.child:
        server.kill()
    server.stop()
