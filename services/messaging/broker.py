"""What the pipeline asks of a broker: confirmed publishing, and one queue on one channel."""

from collections.abc import Mapping
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from typing import Any, Protocol

from services.events.envelope import BATCH_MEDIA_TYPE

DEFAULT_EXCHANGE = ""


class BrokerUnavailable(Exception):
    """The connection or channel is gone, or was never there."""


class Unconfirmed(Exception):
    """Nobody knows whether the broker has the message; publishing it again is safe."""


class Unroutable(Unconfirmed):
    """No queue is bound for it."""


class Refused(Unconfirmed):
    """A queue that it should reach is full."""


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A message to be published, persistent."""

    exchange: str
    routing_key: str
    body: bytes
    message_id: str
    type: str
    app_id: str
    headers: Mapping[str, str | int] = field(default_factory=dict)
    content_type: str = BATCH_MEDIA_TYPE
    mandatory: bool = True
    """Unroutable where no queue is bound for it; False where nobody needs to be there."""


@dataclass(frozen=True, slots=True)
class Delivery:
    """A message that a queue delivered; `tag` counts on its channel."""

    tag: int
    routing_key: str
    body: bytes
    message_id: str
    type: str
    app_id: str
    headers: Mapping[str, Any]
    content_type: str = BATCH_MEDIA_TYPE
    redelivered: bool = False

    @property
    def count(self) -> int:
        """How many events it says it holds."""
        count = self.headers.get("count", 1)
        return count if isinstance(count, int) else 1


class Publisher(Protocol):
    """A channel with publisher confirms; publish concurrently on it."""

    async def publish(self, message: Outgoing) -> None:
        """Returns once every queue that is bound has it safe. Raises: Unconfirmed."""


class Inbox(Protocol):
    """A consumer's channel; leaving it gives back what is not acknowledged."""

    @property
    def alive(self) -> bool:
        """False once the broker took the channel or its consumer away: others get what it held."""

    async def take(self, max_events: int) -> list[Delivery]:
        """Waits for one, then gives what has arrived, oldest first: at least one message, and
        no more than hold `max_events`. Raises: BrokerUnavailable."""

    async def ack_through(self, tag: int) -> None:
        """This delivery and all before it on this channel are done. Raises: BrokerUnavailable."""

    async def ack(self, tag: int) -> None:
        """This delivery alone is done. Raises: BrokerUnavailable."""


class Broker(Protocol):
    """What the pipeline asks of a broker; RabbitMQ and the twin in the tests pass one suite."""

    def publisher(self, name: str) -> AbstractAsyncContextManager[Publisher]:
        """A connection for publishing. Raises: BrokerUnavailable."""

    def inbox(self, queue: str, *, prefetch: int) -> AbstractAsyncContextManager[Inbox]:
        """A connection that consumes one queue. Raises: BrokerUnavailable."""

    async def depth(self, queue: str) -> int | None:
        """How many messages wait in it for a consumer; None: there is no such queue.

        Needs no right of its own. Raises: BrokerUnavailable.
        """
