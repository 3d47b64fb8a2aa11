"""Sends on what lies in another queue than its own: the number of partitions was changed."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from typing import Any

import orjson

from services.messaging.broker import Broker, Delivery, Outgoing
from services.messaging.consumer.pieces import Piece
from services.messaging.topology import READERS

Stray = tuple[str, Piece[Any]]
"""A piece and the queue that it belongs to."""
Forward = Callable[[Sequence[Stray]], Awaitable[None]]
"""Confirmed when it returns. Raises: BrokerUnavailable, Unconfirmed."""


def forwarding(broker: Broker) -> Forward:
    """Straight to the queues, on a connection of its own; as they were published."""

    async def forward(strays: Sequence[Stray]) -> None:
        messages = _messages(strays)
        async with broker.publisher("forward") as publisher:
            await asyncio.gather(*(publisher.publish(message) for message in messages))

    return forward


def _messages(strays: Sequence[Stray]) -> list[Outgoing]:
    """One for what came in one message and goes to one queue."""
    together: dict[tuple[str, int], list[Piece[Any]]] = {}
    for queue, piece in strays:
        together.setdefault((queue, piece.delivery.tag), []).append(piece)
    return [
        _again(pieces[0].delivery, queue, [piece.element for piece in pieces])
        for (queue, _), pieces in together.items()
    ]


def _again(delivery: Delivery, queue: str, elements: list[Any]) -> Outgoing:
    headers: dict[str, str | int] = {"count": len(elements)}
    if traceparent := delivery.headers.get("traceparent"):
        headers["traceparent"] = str(traceparent)
    message = Outgoing(
        READERS,
        queue,
        orjson.dumps(elements),
        message_id=delivery.message_id,
        type=delivery.type,
        app_id=delivery.app_id,
        content_type=delivery.content_type,
    )
    return replace(message, headers=headers)
