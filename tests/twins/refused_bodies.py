"""Refused bodies in memory."""

from collections.abc import Collection
from datetime import datetime

from services.events.corrections import EventRefused
from services.platform.unavailable import Unavailable
from services.registration.intake.refusals import Allowance


class RefusedBodiesTwin:
    """By the id of the refusal."""

    def __init__(self) -> None:
        self.bodies: dict[str, tuple[EventRefused, bytes]] = {}
        self.ended: set[str] = set()
        self.away = False
        self.a_day = 500

    async def has(self, refusal_id: str) -> bool:
        return refusal_id in self.bodies

    async def allowance(self, poster: str, now: datetime) -> Allowance:
        own = [told for told, _ in self.bodies.values() if told.data.poster == poster]
        return Allowance(self.a_day - len(own), 10_000_000)

    async def keep(self, refusal: EventRefused, body: bytes) -> None:
        self.bodies.setdefault(refusal.id, (refusal, body))

    async def refusals(self, event_id: str) -> list[EventRefused]:
        return [told for told, _ in self.bodies.values() if told.data.event_id == event_id]

    async def of_event(self, event_id: str) -> list[tuple[EventRefused, bytes]]:
        return [kept for kept in self.bodies.values() if kept[0].data.event_id == event_id]

    async def open_of(self, ids: Collection[str]) -> list[EventRefused]:
        if self.away:
            raise Unavailable
        return [r for r in self._open() if r.data.event_id in ids or r.id in ids]

    async def open_after(self, refusal_id: str, limit: int) -> list[EventRefused]:
        return [r for r in self._open() if r.id > refusal_id][:limit]

    async def end(self, refusal_ids: Collection[str]) -> None:
        self.ended |= set(refusal_ids)

    def _open(self) -> list[EventRefused]:
        found = (told for told, _ in self.bodies.values() if told.id not in self.ended)
        return sorted(found, key=lambda told: told.id)

    async def outcome(self, event_id: str, source: str) -> tuple[str, str] | None:
        for refusal, _ in self.bodies.values():
            if (refusal.data.event_id, refusal.data.poster) == (event_id, source):
                return refusal.data.result.value, refusal.data.code
        return None
