"""What the storm rages over: two processes of each service, a mongod, and a broker."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from random import choice
from signal import SIGCONT, SIGSTOP
from typing import Any
from urllib.parse import quote

import httpx

from deploy.local import faketime
from deploy.local.mongod import Mongod
from deploy.local.rabbitmq import RabbitNode
from deploy.local.settings import SERVICES
from services.messaging.topology import NOTIFY_CONTACTS, NOTIFY_EVENTS, partition_queue
from tests import calls
from tests.servers import private_broker, private_mongod
from tests.stack import Stack, stack_of

PARTITIONS = 4
QUEUES = (NOTIFY_EVENTS, NOTIFY_CONTACTS, *map(partition_queue, range(PARTITIONS)))
PROCESSES = tuple(f"{service}{which}" for service in SERVICES for which in ("", "-2"))
TOLD = {"NOTIFY_DELAY_S": "0", **{f"{s.upper()}_DEMO": "true" for s in SERVICES}}


class Pair(Stack):
    """A stack of two processes a service; whoever asks for a service gets one of them."""

    def url(self, service: str) -> str:
        """Of a service: one of its two; of a process: its own."""
        if service in SERVICES and self.paired:
            service += choice(("", "-2"))  # no secret
        return super().url(service)

    @property
    def paired(self) -> bool:
        return all(f"{service}-2" in self.ports for service in SERVICES)


@dataclass
class World:
    """All parts, each of which can be hurt and healed."""

    mongod: Mongod
    broker: RabbitNode
    services: Stack

    def start(self) -> None:
        """All processes, ready."""
        for name in PROCESSES:
            self.start_process(name)

    def start_process(self, name: str, **moved: str) -> None:
        """Without waiting for it; `moved`: the environment of another clock."""
        self.services.spawn(name.removesuffix("-2"), name, **moved)

    def kill(self, part: str) -> None:
        """kill -9."""
        match part:
            case "mongod":
                self.mongod.kill()
            case "broker":
                self.broker.kill()
            case _:
                self.services.kill(part)

    def revive(self, part: str) -> None:
        """As it was before, with its data."""
        match part:
            case "mongod":
                self.mongod.start()
            case "broker":
                self.broker.start()
            case _:
                self.start_process(part)

    def pause(self, part: str) -> None:
        """SIGSTOP: it keeps its connections and answers nothing."""
        self._child(part).signal(SIGSTOP)

    def resume(self, part: str) -> None:
        """SIGCONT."""
        self._child(part).signal(SIGCONT)

    def move_clock(self, process: str, by_s: int) -> None:
        """Starts it again with another time of day; its monotonic clock stays as it is."""
        if process == "mongod":
            self.mongod.kill()
            self.mongod.clock_s = by_s
            self.mongod.start()
        else:
            self.services.kill(process)
            self.start_process(process, **(faketime.moved(by_s) if by_s else {}))

    def delete_queue(self, name: str) -> None:
        """With all that lies in it."""
        self._api("DELETE", f"queues/%2F/{name}")

    def purge_queue(self, name: str) -> None:
        """Of all that nobody has taken yet."""
        self._api("DELETE", f"queues/%2F/{name}/contents")

    def fill_queue(self, name: str) -> None:
        """It takes nothing beyond one message."""
        policy = {
            "pattern": f"^{name.replace('.', '[.]')}$",
            "definition": {"max-length": 1, "overflow": "reject-publish"},
            "apply-to": "queues",
        }
        self._api("PUT", f"policies/%2F/{quote(name)}", json=policy)

    def empty_queue(self, name: str) -> None:
        """It takes again what it can hold."""
        self._api("DELETE", f"policies/%2F/{quote(name)}")

    def publish_again(self) -> None:
        """What an operator does after a queue was lost; again where a part is away."""
        self.services.command("topology", "declare")
        for reader in ("reporting", "notify"):
            self.services.command("republish", "--to", reader)

    def declare(self) -> None:
        """What is missing."""
        self.services.command("topology", "declare")

    def _child(self, part: str) -> Any:
        servers = {"mongod": self.mongod.child, "broker": self.broker.child}
        return servers[part] if part in servers else self.services.running[part]

    def _api(self, method: str, path: str, **more: Any) -> None:
        address = f"{self.broker.management_url}/api/{path}"
        answer = calls.request(method, address, **more)
        if answer.status_code != httpx.codes.NOT_FOUND:
            answer.raise_for_status()


@contextmanager
def world() -> Iterator[World]:
    """Everything runs; it ends with the block."""
    with (
        private_mongod() as mongod,
        private_broker(with_management=True) as broker,
        stack_of(Pair, mongod.url, broker.url, "storm", TOLD) as services,
    ):
        made = World(mongod, broker, services)
        made.start()
        for name in PROCESSES:
            services.wait_for(name)
        yield made
