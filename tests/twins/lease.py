"""A lease in memory; `taken` is one that another process holds."""


class LeaseTwin:
    """Shared by the relays of one log: each that asks anew begins the next term."""

    def __init__(self) -> None:
        self.taken = False
        self.term = 0

    async def hold(self) -> int | None:
        if self.taken:
            return None
        self.term = self.term or 1
        return self.term

    async def release(self) -> None:
        return
