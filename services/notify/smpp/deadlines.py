"""One timer for all answers that are waited for: each of them is given the same time."""

import asyncio
from collections import deque

from services.notify.smpp.link import Answer


class Deadlines:
    """A timer for each submit would cost as much as its octets."""

    def __init__(self, patience_s: float) -> None:
        self._patience_s = patience_s
        self._loop = asyncio.get_running_loop()
        self._waiting = deque[tuple[float, asyncio.Future[bool]]]()
        """By deadline, the next one first; those that were heard go with the ones before them."""
        self._timer: asyncio.TimerHandle | None = None

    async def heard(self, asked: Answer) -> bool:
        """Whether it is answered within the patience from now; `asked` itself goes on."""
        in_time: asyncio.Future[bool] = self._loop.create_future()
        asked.add_done_callback(lambda _: _tell(in_time, answer=True))
        self._waiting.append((self._loop.time() + self._patience_s, in_time))
        self._forget()
        return await in_time

    def _forget(self) -> None:
        while self._waiting and self._waiting[0][1].done():
            self._waiting.popleft()
        if self._waiting and self._timer is None:
            self._timer = self._loop.call_at(self._waiting[0][0], self._ring)

    def _ring(self) -> None:
        self._timer, now = None, self._loop.time()
        for deadline, in_time in self._waiting:
            if deadline > now:
                break
            _tell(in_time, answer=False)
        self._forget()


def _tell(in_time: asyncio.Future[bool], *, answer: bool) -> None:
    if not in_time.done():
        in_time.set_result(answer)
