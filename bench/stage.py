"""Real servers and the three services, on ports and data of the bench's own."""

import asyncio
import os
import shutil
import subprocess
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Mapping
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
from deploy.local.ports import LOOPBACK, free_port
from deploy.local.process import Child
from deploy.local.rabbitmq import RabbitNode
from deploy.local.services import COMMAND
from deploy.local.waiting import wait_until
from services.messaging.topology import queues

PARTITIONS = 4
SERVICES = ("registration", "reporting", "notify")
RELAY = "relay registration"
LEASE_RENEWED_S = 4
"""A relay that is active hears of it when it renews its lease, a third of ten seconds later."""


class NotEqual(Exception):
    """What was accepted is not what is reported."""


@dataclass
class Stage:
    """One database a service and one broker; each service can be started and stopped."""

    folder: Path
    client: MongoClient[dict[str, Any]]
    mongo_url: str
    broker_url: str
    name: str
    ports: dict[str, int] = field(default_factory=lambda: {s: free_port() for s in SERVICES})
    running: dict[str, Child] = field(default_factory=dict)
    others: list[Child] = field(default_factory=list)
    further: dict[str, str] = field(default_factory=dict)
    """What a figure tells the services beyond what all of them are told."""
    _resumed: threading.Event = field(default_factory=threading.Event)

    def url(self, service: str) -> str:
        """Such as `http://127.0.0.1:8101`."""
        return f"http://{LOOPBACK}:{self.ports[service]}"

    def start(self, *services: str) -> None:
        """Starts these, or all, and waits until they are ready."""
        for service in services or SERVICES:
            self._spawn(service, service, self.environment)
        for service in services or SERVICES:
            wait_until(partial(self._is_ready, service), self.running[service])

    def start_part(self, service: str, name: str, **told: str) -> None:
        """One of several processes of a service, at a port of its own."""
        self.ports[name] = free_port()
        port = {f"{service.upper()}_PORT": str(self.ports[name])}
        self._spawn(service, name, self.environment | port | told)
        wait_until(partial(self._is_ready, name), self.running[name])

    def _spawn(self, service: str, name: str, told: Mapping[str, str]) -> None:
        log = self.folder / f"{self.name}-{name}.log"
        self.running[name] = Child([*COMMAND, service, "serve"], log, told, ROOT, name)

    def start_other(self, module: str, **told: str) -> Child:
        """`python -m MODULE` beside the services."""
        log = self.folder / f"{self.name}-{module}.log"
        child = Child([COMMAND[0], "-m", module], log, {**os.environ, **told}, ROOT, module)
        self.others.append(child)
        return child

    def stop(self, *services: str) -> None:
        """These, or everything, in order."""
        named = services or tuple(self.running)
        ending = [self.running.pop(name) for name in named]
        if not services:
            ending += self.others
            self.others = []
        for child in ending:
            child.ask_to_end()
        for child in ending:
            child.stop()

    def command(self, *words: str, given: str = "") -> None:
        """`tungngo WORDS`."""
        subprocess.run(
            [*COMMAND, *words],
            env=self.environment,
            cwd=ROOT,
            input=given,
            text=True,
            timeout=60,
            check=True,
            capture_output=True,
        )

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

    @property
    def environment(self) -> dict[str, str]:
        """What the services and commands are told."""
        found = settings.Servers(self.mongo_url, self.broker_url, ours=False)
        told = settings.settings(found) | {
            "SECRETS_DIR": str(self.folder / "secrets"),
            "REGISTRATION_CITIZENS_MONGO_DATABASE": self.database("citizens"),
            "NOTIFY_CONSOLE_FILE": str(self.folder / f"{self.name}-sms.jsonl"),
        }
        for service in SERVICES:
            told[f"{service.upper()}_MONGO_DATABASE"] = self.database(service)
            told[f"{service.upper()}_PORT"] = str(self.ports[service])
        return {**os.environ, **told, **self.further}

    def database(self, service: str) -> str:
        """The name of its database."""
        return f"bench_{self.name}_{service}"

    def _is_ready(self, name: str) -> bool:
        try:
            return httpx.get(f"{self.url(name)}/readyz", timeout=2).is_success
        except httpx.HTTPError:
            return False

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
            made = Stage(self.folder, client, self.mongod.url, self.node.url, name)
            made.command("topology", "declare")
            asyncio.run(_purge(self.node.url))
            try:
                yield made
            finally:
                made.stop()
                _drop(client, f"bench_{name}_")


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


async def _purge(broker_url: str) -> None:
    async with await aio_pika.connect(broker_url) as connection:
        channel = await connection.channel()
        for queue in queues(PARTITIONS):
            await (await channel.get_queue(queue.name)).purge()


def _drop(client: MongoClient[dict[str, Any]], prefix: str) -> None:
    for name in client.list_database_names():
        if name.startswith(prefix):
            client.drop_database(name)
