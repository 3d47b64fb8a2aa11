"""Who is the active one among processes that do the same (leader election)."""

from typing import Protocol


class Lease(Protocol):
    """Held by one at a time, give or take a process that was paused; so what it guards names the
    term, and a later term ends an earlier one's writes."""

    async def hold(self) -> int | None:
        """Takes or renews it; asked again soon it answers from memory.

        The term, which grows with each holder; None while another one holds it.
        """

    async def release(self) -> None:
        """Lets the next one take it at once."""
