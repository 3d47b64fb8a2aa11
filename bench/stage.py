"""Real servers and the three services, on ports and data of the bench's own."""

import asyncio
import os
import shutil
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import aio_pika
import httpx
from pymongo import MongoClient
from pymongo.collection import Collection

from deploy.local import keys, settings
from deploy.local.mongod import Mongod
from deploy.local.places import LOCAL, ROOT
from deploy.local.process import Child
from deploy.local.rabbitmq import RabbitNode
from deploy.local.stack import COMMAND, Stack
from services.messaging.topology import queues

PARTITIONS = 4
RELAY = "relay registration"
LEASE_RENEWED_S = 4
"""A relay that is active hears of it when it renews its lease, a third of ten seconds later."""


class NotEqual(Exception):
    """What was accepted is not what is reported."""


@dataclass(kw_only=True)
class Stage(Stack):
    """One database a service and one broker; a figure adds to `settings` what it tells them."""

    client: MongoClient[dict[str, Any]]
    mongo_url: str
    broker_url: str
    name: str
    settings: dict[str, str]
    others: list[Child] = field(default_factory=list)
    _resumed: threading.Event = field(default_factory=threading.Event)

    def start_other(self, module: str, **told: str) -> Child:
        """`python -m MODULE` beside the services."""
        log = self.folder / f"{module}.log"
        child = Child([COMMAND[0], "-m", module], log, {**os.environ, **told}, ROOT, module)
        self.others.append(child)
        return child

    def stop(self, *names: str) -> None:
        """These, or everything, in order."""
        super().stop(*names)
        if not names:
            for child in self.others:
                child.stop()
            self.others.clear()

    def pause_relay(self) -> None:
        """Holds the relay's lease from outside, so that what is accepted stays in the log."""
        self._leases.update_one(
            {"_id": RELAY}, {"$set": {"holder": "bench"}, "$inc": {"term": 1}}, upsert=True
        )
        self._resumed.clear()
        threading.Thread(target=self._keep_paused, daemon=True).start()
        time.sleep(LEASE_RENEWED_S)

    def resume_relay(self) -> None:
        """Lets it go."""
        self._resumed.set()
        self._leases.update_one({"_id": RELAY}, {"$set": {"holder": ""}})

    def _keep_paused(self) -> None:
        """Whoever waits for the lease takes it once its beat stands still."""
        while not self._resumed.wait(1):
            self._leases.update_one({"_id": RELAY, "holder": "bench"}, {"$inc": {"beat": 1}})

    def report(self, name: str, **query: str) -> Any:
        """A report as anybody reads it."""
        address = f"{self.url('reporting')}/api/reporting/v1/reports/{name}"
        return httpx.get(address, params=query, timeout=60).raise_for_status().json()

    def database(self, service: str) -> str:
        """The name of its database."""
        return _database(self.name, service)

    @property
    def _leases(self) -> Collection[dict[str, Any]]:
        return self.client[self.database("registration")]["leases"]


@dataclass(frozen=True)
class Servers:
    """The database and the broker of the whole run."""

    folder: Path
    mongod: Mongod
    node: RabbitNode

    @contextmanager
    def stage(self, name: str) -> Iterator[Stage]:
        """Empty databases and empty queues; all that was started in it ends with the block."""
        with MongoClient[dict[str, Any]](self.mongod.url) as client:
            made = self._empty_stage(name, client)
            made.command("topology", "declare")
            asyncio.run(_purge(self.node.url))
            try:
                yield made
            finally:
                made.stop()
                _drop(client, _database(name, ""))

    def _empty_stage(self, name: str, client: MongoClient[dict[str, Any]]) -> Stage:
        mongo_url, broker_url, folder = self.mongod.url, self.node.url, self.folder / name
        found = settings.Servers(mongo_url, broker_url, ours=False)
        told = {
            **settings.settings(found),
            **settings.on_servers(mongo_url, broker_url, partial(_database, name)),
            "SECRETS_DIR": str(self.folder / "secrets"),
            "NOTIFY_CONSOLE_FILE": str(folder / "sms.jsonl"),
        }
        return Stage(
            folder=folder,
            settings=told,
            client=client,
            mongo_url=mongo_url,
            broker_url=broker_url,
            name=name,
        )


@contextmanager
def servers() -> Iterator[Servers]:
    """On the disk that `make up` uses too; gone afterwards."""
    LOCAL.mkdir(parents=True, exist_ok=True)
    folder = Path(tempfile.mkdtemp(prefix="bench-", dir=LOCAL))
    mongod, node = Mongod(folder / "mongod"), RabbitNode(folder / "rabbitmq")
    try:
        keys.write_missing(folder / "secrets")
        mongod.spawn()
        node.spawn()
        mongod.wait_ready()
        node.wait_ready()
        yield Servers(folder, mongod, node)
    finally:
        for server in (mongod, node):
            if server.child:
                server.kill()
            server.stop()
        shutil.rmtree(folder, ignore_errors=True)


def wait_for(done: Callable[[], bool], timeout_s: float, every_s: float = 0.1) -> None:
    """Raises: TimeoutError."""
    deadline = time.monotonic() + timeout_s
    while not done():
        if time.monotonic() > deadline:
            raise TimeoutError
        time.sleep(every_s)


def _database(stage: str, service: str) -> str:
    return f"bench_{stage}_{service}"


async def _purge(broker_url: str) -> None:
    async with await aio_pika.connect(broker_url) as connection:
        channel = await connection.channel()
        for queue in queues(PARTITIONS):
            await (await channel.get_queue(queue.name)).purge()


def _drop(client: MongoClient[dict[str, Any]], prefix: str) -> None:
    for name in client.list_database_names():
        if name.startswith(prefix):
            client.drop_database(name)
