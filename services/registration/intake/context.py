"""What a decided event stands on beside its own history: looked up, then judged by pure rules."""

from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from services.events.envelope import Event
from services.messaging.log.event_log import EventLog
from services.registration.intake.persons import PersonIdentifier
from services.registration.subjects.actor import Actor, Role
from services.registration.subjects.owners import (
    OTHER_WARD,
    Local,
    OfCitizen,
    OfEvent,
    OfRow,
    Owner,
    is_met,
)
from services.registration.subjects.problems import NOT_YET_KNOWN, Refusal
from services.registration.subjects.references import Ends, check_references
from services.registration.subjects.registry import by_kind
from services.registration.subjects.rows import Row, RowName, Rows
from services.registration.subjects.subject import Decided, Known, Subjects

CITY = frozenset({Role.CENTRE, Role.ADMIN})
PersonBehind = Callable[[str], Awaitable[str]]
"""The source of whoever answers for a source: of a phone, whoever enrolled it."""


@dataclass(frozen=True)
class Context:
    """The one place through which every decided event passes on its way to its rules."""

    subjects: Subjects
    rows: Rows
    persons: PersonIdentifier
    log: EventLog
    person_behind: PersonBehind

    async def check(self, event: Event, actor: Actor, *, met: bool) -> None:
        """`met`: the event itself tells that its citizen was met there. Raises: Problem."""
        subject = self.subjects[type(event)]
        if not isinstance(subject, Decided):
            return
        accepts = subject.accepts[type(event)]
        needed = list(accepts.refers(event))
        known = await self.rows.find([name for reference in needed for name in reference.names])
        check_references(needed, self._ends(known))
        for owner in subject.belongs(event):
            if not await self._is_theirs(owner, event, actor, met=met):
                raise Refusal(OTHER_WARD, owner.pointer)
        if accepts.weighs:
            accepts.weighs(event, actor, await self._known(known.values()))

    def _ends(self, known: Mapping[RowName, Row]) -> Ends:
        """Each kind says by which field of its state it ends."""
        return {name: self._kinds[row.kind].last_day(row.state) for name, row in known.items()}

    @cached_property
    def _kinds(self) -> Mapping[str, Decided[Any]]:
        return by_kind(self.subjects.values())

    async def _is_theirs(self, owner: Owner, event: Event, actor: Actor, *, met: bool) -> bool:
        match owner:
            case OfCitizen(id=citizen_id):
                if met or actor.role in CITY:
                    return True
                wards = await self.persons.met_in(citizen_id)
                return not wards or is_met(event, wards)
            case OfRow(city_crosses=True) if actor.role in CITY:
                return True
            case OfRow():
                return (await self._row(owner)).lies_in_ward_of(event)
            case OfEvent():
                return (await self._event(owner)).lies_in_ward_of(event)

    async def _row(self, owner: OfRow) -> Local:
        for kind in owner.kinds:
            if row := await self.rows.get(kind, owner.id):
                return Local.model_validate(row.state)
        raise Refusal(NOT_YET_KNOWN, owner.pointer)

    async def _event(self, owner: OfEvent) -> Local:
        stored = await self.log.find(owner.id)
        if stored is None or stored.held or stored.refused:
            raise Refusal(NOT_YET_KNOWN, owner.pointer)
        return Local(ward=stored.event.ward, since=stored.event.day)

    async def _known(self, rows: Iterable[Row]) -> Known:
        states = {row.id: row.state for row in rows}
        values = [value for state in states.values() for value in state.values()]
        sources = {v for v in values if isinstance(v, str) and v.startswith("/")}
        return Known(states, {source: await self.person_behind(source) for source in sources})
