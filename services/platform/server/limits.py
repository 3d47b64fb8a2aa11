"""How much one process takes at its front door, and the memory that its requests share."""

from collections.abc import Callable
from dataclasses import dataclass

from services.platform.problems import TOO_BUSY, Problem


@dataclass(frozen=True)
class Limits:
    """The defaults hold in 512 MiB, of which a service at rest takes about a third."""

    connections: int = 512
    """At a time; the one that has been idle longest makes room for a new one."""
    headers: int = 64
    header_bytes: int = 16 * 1024
    """Request line and headers together."""
    header_s: float = 10
    """From the first byte, or from the connection, to the end of the headers."""
    body_s: float = 90
    """From there to the end of the body; and how long an answer may lie unread."""
    body_bytes: int = 64 * 1024
    """Of every body but an upload of events, which has a limit of its own."""
    body_values: int = 2_000
    """Commas and brackets of such a body: what is there to be validated."""
    held_bytes: int = 96 * 1024 * 1024
    """Bodies of all requests under way, and what they become when they are decoded."""


class Room:
    """Memory that requests under way share; whoever finds none is told to come again."""

    def __init__(self, size: int) -> None:
        self._left = size

    def take(self, size: int) -> None:
        """Raises: Problem."""
        if size > self._left:
            raise Problem(TOO_BUSY)
        self._left -= size

    def give_back(self, size: int) -> None:
        """What was taken before."""
        self._left += size


Hold = Callable[[int], None]
"""Takes so many bytes of the room until the request has been answered. Raises: Problem."""


def structure(body: bytes) -> int:
    """Commas and opening brackets: more values than these stand in no JSON text of this size."""
    return body.count(b",") + body.count(b"[") + body.count(b"{")
