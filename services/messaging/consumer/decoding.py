"""From a message's bytes to events: a bad one is set aside, the others go on."""

from collections.abc import Awaitable, Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Generic, TypeVar

import orjson
import structlog

from services.events.envelope import Event
from services.events.registry import UnknownType, parse
from services.messaging import metrics
from services.messaging.amqp import from_amqp
from services.messaging.broker import BrokerUnavailable, Delivery, Unconfirmed
from services.messaging.dead_letters.letters import Bury, Unreadable
from services.platform.retry import Backoff, retry

if TYPE_CHECKING:
    from faststream.rabbit import RabbitMessage

T = TypeVar("T")
Read = Callable[[Mapping[str, Any]], T]
"""One element of a message. Raises: ValueError when it is not what it should be."""

RETRY_S = 1.0

log = structlog.get_logger(__name__)


class OtherType(ValueError):
    """The element is of another type than its message says."""


class NotAnObject(ValueError):
    """The element is no JSON object."""


@dataclass(frozen=True, slots=True)
class Decoded(Generic[T]):
    """What a message held."""

    items: list[T] = field(default_factory=list)
    elements: list[Any] = field(default_factory=list)
    """What the items were read from, one for one."""
    unreadable: list[Unreadable] = field(default_factory=list)

    def pairs(self) -> Iterator[tuple[T, Any]]:
        """Each item with its element."""
        return zip(self.items, self.elements, strict=True)


Decode = Callable[[Delivery], Decoded[T]]


def decode(delivery: Delivery, read: Read[T]) -> Decoded[T]:
    """Each element by itself; those with the same trouble are one unreadable thing, and so is a
    body that is no JSON array: what a message leaves among the dead letters is bounded."""
    try:
        elements = orjson.loads(delivery.body)
    except orjson.JSONDecodeError:
        return Decoded(unreadable=[Unreadable(delivery, None, "not_json")])
    if not isinstance(elements, list):
        return Decoded(unreadable=[Unreadable(delivery, None, "not_an_array")])
    decoded: Decoded[T] = Decoded()
    bad: dict[str, list[Any]] = {}
    for element in elements:
        try:
            decoded.items.append(_read(element, read))
            decoded.elements.append(element)
        except Exception as error:  # noqa: BLE001  # whatever reading raises is its own trouble
            bad.setdefault(_reason(error), []).append(element)
    decoded.unreadable.extend(Unreadable(delivery, many, reason) for reason, many in bad.items())
    return decoded


def decode_events(delivery: Delivery) -> Decoded[Event]:
    """Events of any type."""
    return decode(delivery, parse)


def _read(element: Any, read: Read[T]) -> T:
    if not isinstance(element, dict):
        raise NotAnObject
    return read(element)


def events_of_type(name: str) -> Read[Event]:
    """Reads events of the one type that a message says it holds."""

    def read(envelope: Mapping[str, Any]) -> Event:
        if envelope.get("type") != name:
            raise OtherType
        return parse(envelope)

    return read


def batch_decoder(
    queue: str, bury: Bury, *, retry_s: float = RETRY_S
) -> Callable[["RabbitMessage"], Awaitable[list[Event]]]:
    """The decoder of FastStream subscribers that take `list[SomeEvent]`.

    It returns once what is unreadable lies safe among the dead letters; until then it holds the
    delivery, so that nothing is acknowledged too early.
    """

    metrics.begin_at_zero(queue)

    async def decode_message(message: "RabbitMessage") -> list[Event]:
        delivery = from_amqp(message.raw_message)
        decoded = decode(delivery, events_of_type(delivery.type))
        if decoded.unreadable:
            await _until_buried(bury, queue, decoded.unreadable, retry_s)
        return decoded.items

    return decode_message


async def _until_buried(
    bury: Bury, queue: str, unreadable: list[Unreadable], retry_s: float
) -> None:
    await retry(
        lambda: bury(queue, unreadable),
        on=(BrokerUnavailable, Unconfirmed),
        warning="dead letters cannot be set aside yet",
        backoff=Backoff(retry_s),
        queue=queue,
    )


_REASONS: Mapping[type[Exception], str] = {
    UnknownType: "unknown_type",
    OtherType: "other_type",
    NotAnObject: "not_an_object",
}


def _reason(error: Exception) -> str:
    """A code; the error's own text may quote a value."""
    return _REASONS.get(type(error), "invalid")
