"""The hard limit on what is in flight."""

import asyncio


class Window:
    """So many places; once it is shut, who waits for one gets none."""

    def __init__(self, size: int) -> None:
        self._places = asyncio.Semaphore(size)
        self._shut = False

    async def enter(self, patience_s: float | None = None) -> bool:
        """Waits for a place, for ever by default; who got one leaves it again."""
        if self._places.locked():
            try:
                async with asyncio.timeout(patience_s):
                    await self._places.acquire()
            except TimeoutError:
                return False
        else:
            await self._places.acquire()  # at once: a timer would cost more
        if self._shut:
            self._places.release()  # to the next who waits
            return False
        return True

    def leave(self) -> None:
        """Gives the place to the next."""
        self._places.release()

    def shut(self) -> None:
        """For good."""
        self._shut = True
        self._places.release()
