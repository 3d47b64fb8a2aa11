"""Refused bodies in memory; it passes the suite of the real one."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime

from services.registration.citizens.refused_bodies import RefusedBody


class MemoryRefusedBodyStore:
    """By refusal id."""

    def __init__(self) -> None:
        self.bodies: dict[str, RefusedBody] = {}

    async def add(self, body: RefusedBody) -> None:
        self.bodies.setdefault(body.refusal_id, body)

    async def newest(self, event_id: str, poster: str) -> RefusedBody | None:
        found = (b for b in self.bodies.values() if (b.event_id, b.poster) == (event_id, poster))
        return max(found, key=lambda body: body.at, default=None)

    async def has(self, refusal_id: str) -> bool:
        return refusal_id in self.bodies

    async def of_source(self, poster: str, since: datetime) -> tuple[int, int]:
        found = [b for b in self.bodies.values() if b.poster == poster and b.at > since]
        return len(found), sum(len(body.sealed) for body in found)

    async def of_event(self, event_id: str) -> Sequence[RefusedBody]:
        found = [b for b in self.bodies.values() if b.event_id == event_id]
        return sorted(found, key=lambda body: body.at, reverse=True)

    async def of_ward(self, ward: str, after: str, limit: int) -> Sequence[RefusedBody]:
        return [b for b in self._open(after) if b.ward == ward][:limit]

    async def open_of(self, ids: Collection[str]) -> Sequence[RefusedBody]:
        return [b for b in self._open() if b.event_id in ids or b.refusal_id in ids]

    async def open_after(self, refusal_id: str, limit: int) -> Sequence[RefusedBody]:
        return self._open(refusal_id)[:limit]

    async def end(self, refusal_ids: Collection[str]) -> None:
        for id_ in self.bodies.keys() & set(refusal_ids):
            self.bodies[id_] = replace(self.bodies[id_], ended=True)

    def _open(self, after: str = "") -> list[RefusedBody]:
        found = (b for b in self.bodies.values() if not b.ended and b.refusal_id > after)
        return sorted(found, key=lambda body: body.refusal_id)

    async def delete(self, persons: Sequence[bytes]) -> None:
        kept = {id_: b for id_, b in self.bodies.items() if not {*b.persons} & {*persons}}
        self.bodies = kept
