"""A lease in memory; `taken` is one that another process holds."""


class LeaseTwin:
    def __init__(self) -> None:
        self.taken = False

    async def hold(self) -> bool:
        return not self.taken

    async def release(self) -> None:
        return
