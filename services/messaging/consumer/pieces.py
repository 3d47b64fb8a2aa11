"""A batch taken apart: what one message holds piece by piece, so that each can go its own way."""

from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from services.messaging.broker import Delivery

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Piece(Generic[T]):
    """One element of a message, read."""

    delivery: Delivery
    item: T
    element: Any
    """As it stood in the message; None where losing it loses nothing, such as a heartbeat."""
