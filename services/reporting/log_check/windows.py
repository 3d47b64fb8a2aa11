"""Reads several collections of ids side by side, in their order, some thousands at a time."""

from bisect import bisect_right
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from typing import NamedTuple

CHUNK = 10_000


class Entry(NamedTuple):
    """An id on one side."""

    id: str
    place: str
    """Ward, or key of a ward."""
    log: str
    counts: bool = True
    """False: here it proves nothing, such as an event that its log has not sent yet."""


Read = Callable[[str, int], Awaitable[Sequence[Entry]]]
"""Entries after an id, in the order of their ids, at most so many."""


class _Side:
    def __init__(self, read: Read, after: str, chunk: int) -> None:
        self._read = read
        self._after = after
        self._chunk = chunk
        self._waiting: Sequence[Entry] = ()
        self._ended = False

    async def fill(self) -> None:
        if not self._waiting and not self._ended:
            self._waiting = await self._read(self._after, self._chunk)
            self._ended = len(self._waiting) < self._chunk
            self._after = self._waiting[-1].id if self._waiting else self._after

    @property
    def last(self) -> str | None:
        """Up to where all is known; None: to the end."""
        return None if self._ended else self._waiting[-1].id

    def take(self, until: str | None) -> Sequence[Entry]:
        end = len(self._waiting)
        if until is not None:
            end = bisect_right(self._waiting, until, key=lambda entry: entry.id)
        taken, self._waiting = self._waiting[:end], self._waiting[end:]
        return taken


class Window(NamedTuple):
    """What all sides hold up to an id; None: to the end."""

    sides: Sequence[Sequence[Entry]]
    until: str | None


async def windows(
    reads: Sequence[Read], after: str = "", chunk: int = CHUNK
) -> AsyncIterator[Window]:
    """One after the other; whoever keeps `until` may go on from there another time."""
    sides = [_Side(read, after, chunk) for read in reads]
    until: str | None = after
    while until is not None:
        for side in sides:
            await side.fill()
        until = min((side.last for side in sides if side.last is not None), default=None)
        yield Window([side.take(until) for side in sides], until)
