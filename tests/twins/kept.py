"""Refused bodies in memory."""

from services.events.corrections import EventRefused


class KeptTwin:
    """By the id of the refusal."""

    def __init__(self) -> None:
        self.bodies: dict[str, tuple[EventRefused, bytes]] = {}

    async def keep(self, refusal: EventRefused, body: bytes) -> None:
        self.bodies.setdefault(refusal.id, (refusal, body))

    async def refusals(self, event_id: str) -> list[EventRefused]:
        return [told for told, _ in self.bodies.values() if told.data.event_id == event_id]

    async def of_event(self, event_id: str) -> list[tuple[EventRefused, bytes]]:
        return [kept for kept in self.bodies.values() if kept[0].data.event_id == event_id]

    async def outcome(self, event_id: str, source: str) -> tuple[str, str] | None:
        for refusal, _ in self.bodies.values():
            if (refusal.data.event_id, refusal.data.poster) == (event_id, source):
                return refusal.data.result.value, refusal.data.code
        return None
