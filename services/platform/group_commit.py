"""Callers in flight share one write; the next group fills while one is written."""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from services.platform.unavailable import Unavailable

Item = TypeVar("Item")
Result = TypeVar("Result")

Write = Callable[[Sequence[Item]], Awaitable[Sequence[Result | Exception]]]
"""Writes a group and tells, in its order, what became of each item: a result, or an exception
that is this item's own. When it raises, nobody knows what became of the group."""


@dataclass(slots=True)
class _Waiting(Generic[Item, Result]):
    items: Sequence[Item]
    done: asyncio.Future[Sequence[Result | Exception]]
    since: float
    alone: bool = False


class GroupCommit(Generic[Item, Result]):
    """One writer at a time. Whoever calls encodes first, so that a bad item never joins a group."""

    def __init__(
        self,
        write: Write[Item, Result],
        *,
        max_group: int = 1_000,
        max_waiting: int = 5_000,
        repeatable: bool = False,
        linger_s: float = 0,
    ) -> None:
        """`linger_s`: a caller waits so long for others, where a write costs much and nobody
        hurries.

        `repeatable`: a group whose write raises anything but Unavailable is written again,
        caller by caller, so that what is wrong with one of them harms no other."""
        self._write = write
        self._repeatable = repeatable
        self._linger_s = linger_s
        self._max_group = max_group
        self._max_waiting = max_waiting
        self._queue: deque[_Waiting[Item, Result]] = deque()
        self._waiting = 0
        self._writer: asyncio.Task[None] | None = None

    @property
    def waiting(self) -> int:
        """Items that no write has begun with."""
        return self._waiting

    async def add(self, item: Item) -> Result:
        """What the write says of this item. Raises: Unavailable, or the item's own exception."""
        return (await self.add_all((item,)))[0]

    async def add_all(self, items: Sequence[Item]) -> list[Result]:
        """As `add`, for items that stay together in one group.

        A caller that is cancelled stops waiting; its items are written all the same.
        """
        if not items:
            return []
        results = await self._join(items)
        if failed := next((r for r in results if isinstance(r, Exception)), None):
            raise failed
        return [r for r in results if not isinstance(r, Exception)]

    async def close(self) -> None:
        """Waits for what was added before."""
        if self._writer is not None:
            await asyncio.wait([self._writer])

    async def _join(self, items: Sequence[Item]) -> Sequence[Result | Exception]:
        if self._waiting and self._waiting + len(items) > self._max_waiting:
            raise Unavailable("too much is waiting to be written")
        loop = asyncio.get_running_loop()
        done: asyncio.Future[Sequence[Result | Exception]] = loop.create_future()
        self._queue.append(_Waiting(items, done, loop.time()))
        self._waiting += len(items)
        if self._writer is None:
            self._writer = asyncio.create_task(self._drain())
        return await done

    async def _drain(self) -> None:
        try:
            while self._queue:
                if (rest_s := self._linger_s - self._waited_s()) > 0:
                    await asyncio.sleep(rest_s)
                await self._write_group(self._next_group())
        finally:
            self._writer = None
            self._give_up()

    async def _write_group(self, group: Sequence[_Waiting[Item, Result]]) -> None:
        items = [item for waiting in group for item in waiting.items]
        answers: Sequence[Result | Exception]
        try:
            answers = await self._write(items)
            if len(answers) != len(items):
                raise Unavailable("the write did not answer for each item")
        except Exception as error:  # noqa: BLE001  # whatever it is, the outcome is unknown
            own = self._repeatable and not isinstance(error, Unavailable)
            if own and len(group) > 1:
                self._put_back(group)
                return
            answers = [error if own else _unavailable(error)] * len(items)
        except BaseException:
            _settle(group, [Unavailable("stopped while writing")] * len(items))
            raise
        _settle(group, answers)

    def _waited_s(self) -> float:
        """The first in line: while the group before was written it lingered already."""
        return asyncio.get_running_loop().time() - self._queue[0].since

    def _next_group(self) -> list[_Waiting[Item, Result]]:
        group = [self._queue.popleft()]
        size = len(group[0].items)
        while self._queue and not group[0].alone and not self._queue[0].alone:
            size += len(self._queue[0].items)
            if size > self._max_group:
                break
            group.append(self._queue.popleft())
        self._waiting -= sum(len(waiting.items) for waiting in group)
        return group

    def _put_back(self, group: Sequence[_Waiting[Item, Result]]) -> None:
        """To be written one caller at a time."""
        for waiting in reversed(group):
            waiting.alone = True
            self._queue.appendleft(waiting)
            self._waiting += len(waiting.items)

    def _give_up(self) -> None:
        """Only a cancelled writer leaves anybody waiting."""
        left = list(self._queue)
        self._queue.clear()
        self._waiting = 0
        for waiting in left:
            _settle([waiting], [Unavailable("stopped before writing")] * len(waiting.items))


def _settle(group: Sequence[_Waiting[Item, Result]], answers: Sequence[Result | Exception]) -> None:
    at = 0
    for waiting in group:
        if not waiting.done.done():
            waiting.done.set_result(answers[at : at + len(waiting.items)])
        at += len(waiting.items)


def _unavailable(error: Exception) -> Unavailable:
    if isinstance(error, Unavailable):
        return error
    unavailable = Unavailable(type(error).__name__)
    unavailable.__cause__ = error
    return unavailable
