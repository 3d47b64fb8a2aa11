"""From a message's bytes to events: a bad one is set aside, the others go on."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Generic, TypeVar

import orjson
import structlog

from services.events.envelope import Event
from services.events.registry import UnknownType, parse
from services.messaging.amqp import from_amqp
from services.messaging.backoff import obey_cancellation
from services.messaging.broker import BrokerUnavailable, Delivery, Unconfirmed
from services.messaging.dead_letters import Bury, Unreadable

if TYPE_CHECKING:
    from faststream.rabbit import RabbitMessage

T = TypeVar("T")
Read = Callable[[Mapping[str, Any]], T]
"""One element of a message. Raises: ValueError when it is not what it should be."""

RETRY_S = 1.0

log = structlog.get_logger(__name__)


class OtherType(ValueError):
    """The element is of another type than its message says."""


@dataclass(frozen=True, slots=True)
class Decoded(Generic[T]):
    """What a message held."""

    items: list[T]
    unreadable: list[Unreadable]


def decode(delivery: Delivery, read: Read[T]) -> Decoded[T]:
    """Each element by itself; a body that is no JSON array is one unreadable thing."""
    decoded: Decoded[T] = Decoded([], [])
    try:
        elements = orjson.loads(delivery.body)
    except orjson.JSONDecodeError:
        return Decoded([], [Unreadable(delivery, None, "not_json")])
    if not isinstance(elements, list):
        return Decoded([], [Unreadable(delivery, None, "not_an_array")])
    for element in elements:
        if not isinstance(element, dict):
            decoded.unreadable.append(Unreadable(delivery, [element], "not_an_object"))
            continue
        try:
            decoded.items.append(read(element))
        except ValueError as error:
            decoded.unreadable.append(Unreadable(delivery, [element], _reason(error)))
    return decoded


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

    async def decode_events(message: "RabbitMessage") -> list[Event]:
        delivery = from_amqp(message.raw_message)
        decoded = decode(delivery, events_of_type(delivery.type))
        if decoded.unreadable:
            await _until_buried(bury, queue, decoded.unreadable, retry_s)
        return decoded.items

    return decode_events


async def _until_buried(
    bury: Bury, queue: str, unreadable: list[Unreadable], retry_s: float
) -> None:
    while True:
        try:
            return await bury(queue, unreadable)
        except (BrokerUnavailable, Unconfirmed) as error:
            log.warning("dead letters cannot be set aside yet", queue=queue, exc_info=error)
            obey_cancellation()
            await asyncio.sleep(retry_s)


def _reason(error: ValueError) -> str:
    """A code; the error's own text may quote a value."""
    if isinstance(error, UnknownType):
        return "unknown_type"
    return "other_type" if isinstance(error, OtherType) else "invalid"
