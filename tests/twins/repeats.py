"""Commands that came under a key, in memory; it passes the suite of the real one."""

from dataclasses import replace

from services.platform.http.repeating import Begun


class MemoryRepeats:
    """By id."""

    def __init__(self) -> None:
        self.begun: dict[str, Begun] = {}

    async def begin(self, id_: str, begun: Begun, instead_of: Begun | None) -> bool:
        if self.begun.get(id_) != instead_of:
            return False
        self.begun[id_] = begun
        return True

    async def find(self, id_: str) -> Begun | None:
        return self.begun.get(id_)

    async def finish(self, id_: str, sealed: bytes) -> None:
        self.begun[id_] = replace(self.begun[id_], sealed=sealed)

    async def drop(self, id_: str) -> None:
        self.begun.pop(id_, None)
