"""Whose access has ended, in memory."""

from services.platform.access.ended import EndedAccess


class EndedAccessesTwin:
    def __init__(self) -> None:
        self.by_id: dict[str, EndedAccess] = {}

    async def note(self, ended: EndedAccess) -> None:
        before = self.by_id.get(ended.id, ended)
        self.by_id[ended.id] = max(before, ended, key=lambda one: one.at)

    async def of(self, source: str) -> EndedAccess | None:
        return self.by_id.get(source.rpartition("/")[2])
