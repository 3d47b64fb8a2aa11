"""What a decided event stands on beside its own history: looked up, then judged by pure rules."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

from services.events.envelope import Event
from services.messaging.log.event_log import EventLog
from services.registration.intake.judge import Subjects
from services.registration.intake.persons import Persons
from services.registration.subjects.owners import (
    OTHER_WARD,
    Local,
    OfCitizen,
    OfEvent,
    OfRow,
    Owner,
    is_met,
)
from services.registration.subjects.references import check_references
from services.registration.subjects.rows import Rows
from services.registration.subjects.subject import (
    NOT_YET_KNOWN,
    Actor,
    Known,
    Reference,
    Refusal,
    Role,
)

CITY = frozenset({Role.CENTRE, Role.ADMIN})
PersonBehind = Callable[[str], Awaitable[str]]
"""The source of whoever answers for a source: of a phone, whoever enrolled it."""


@dataclass(frozen=True)
class Context:
    """The one place through which every decided event passes on its way to its rules."""

    subjects: Subjects
    rows: Rows
    persons: Persons
    log: EventLog
    person_behind: PersonBehind

    async def check(self, event: Event, actor: Actor, *, met: bool) -> None:
        """`met`: the event itself tells that its citizen was met there. Raises: Problem."""
        subject = self.subjects[type(event)]
        accepts = subject.accepts[type(event)]
        needed = list(accepts.refers(event))
        await self._check_references(needed)
        for owner in subject.belongs(event) if subject.belongs else ():
            if not await self._is_theirs(owner, event, actor, met=met):
                raise Refusal(OTHER_WARD, owner.pointer)
        if accepts.weighs:
            accepts.weighs(event, actor, await self._known(needed))

    async def _check_references(self, needed: Sequence[Reference]) -> None:
        """Raises: Problem while something that the event refers to is not known, or has ended."""
        if needed:
            named = [(kind, r.id) for r in needed for kind in r.kinds]
            check_references(needed, await self.rows.ends(named))

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

    async def _known(self, needed: Sequence[Reference]) -> Known:
        rows = [await self.rows.get(kind, r.id) for r in needed for kind in r.kinds]
        states = {row.id: row.state for row in rows if row}
        told = [value for state in states.values() for value in state.values()]
        sources = {one for one in told if isinstance(one, str) and one.startswith("/")}
        return Known(states, {source: await self.person_behind(source) for source in sources})
