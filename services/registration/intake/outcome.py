"""What became of one event, for its poster and its ward."""

from collections.abc import Collection
from datetime import datetime
from typing import NamedTuple, Protocol

from pydantic import BaseModel

from services.events.envelope import Event
from services.messaging.log.event_log import EventLog
from services.messaging.log.stored import Stored
from services.platform.problems import NOT_FOUND, Problem
from services.registration.intake.replacing import succession_id
from services.registration.intake.results import ResultKind
from services.registration.subjects.actor import Actor


class Outcome(BaseModel):
    """`voided`: taken back. `held`: it waits for the event that it takes back or replaces.

    `replaced_by`: the event that stands in its place, and in that of no other."""

    id: str
    result: ResultKind
    type: str | None = None
    recordedtime: datetime | None = None
    voided: bool = False
    held: bool = False
    replaced_by: str | None = None
    code: str | None = None


class Recorded(NamedTuple):
    """What stands under a refused event's id, and what stands in its place."""

    event: Event | None = None
    replaced_by: str | None = None


class RefusedOutcomes(Protocol):
    """What was kept of refused events."""

    async def outcome(self, event_id: str, source: str) -> tuple[str, str] | None:
        """Result and code of the newest refusal of this event from this source."""


class Outcomes:
    """Reads the log, then what was refused."""

    def __init__(self, log: EventLog, kept: RefusedOutcomes) -> None:
        self._log = log
        self._kept = kept

    async def of(self, event_id: str, actor: Actor) -> Outcome:
        """Raises: Problem(NOT_FOUND), also where it is another's."""
        stored = await self._log.find(event_id)
        if stored and not stored.refused and _may_ask(actor, stored):
            return Outcome(
                id=event_id,
                result=ResultKind.ACCEPTED,
                type=stored.type,
                recordedtime=stored.recorded_at,
                voided=await self._log.is_voided(event_id),
                held=stored.held,
                replaced_by=await self._successor(event_id),
            )
        if refused := await self._kept.outcome(event_id, actor.source):
            result, code = refused
            successor = await self._successor(event_id)
            return Outcome(id=event_id, result=ResultKind(result), code=code, replaced_by=successor)
        raise Problem(NOT_FOUND, "/event_id")

    async def recorded(self, event_ids: Collection[str]) -> dict[str, Recorded]:
        """By id: an event that was admitted after all, or first had the id of another; and its
        successor."""
        voids = {succession_id(id_) for id_ in event_ids}
        found = await self._log.find_all({*event_ids, *voids})
        return {
            id_: Recorded(_standing(found.get(id_)), _caused(found.get(succession_id(id_))))
            for id_ in event_ids
        }

    async def _successor(self, event_id: str) -> str | None:
        return _caused(await self._log.find(succession_id(event_id)))


def _standing(stored: Stored | None) -> Event | None:
    return stored.event if stored and not stored.held else None


def _caused(void: Stored | None) -> str | None:
    return void.event.causationid if void else None


def _may_ask(actor: Actor, stored: Stored) -> bool:
    return stored.source == actor.source or actor.covers(stored.event)
