"""What was not accepted is kept for the ward, and published for the device to hear again."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

import orjson

from services.events.codes import RefusedResult, VoidReason
from services.events.corrections import EventRefused, EventVoided, Refusal, Voiding
from services.events.envelope import Event
from services.events.registry import REGISTRY, encode
from services.messaging.log.entry import Appended, Entry
from services.messaging.log.event_log import EventLog
from services.messaging.log.stored import Stored
from services.platform.ids import derived_event_id
from services.platform.problems import Problem
from services.platform.vietnam.wards import current, exists
from services.registration.intake.admitting import HashedRefusal, admission
from services.registration.intake.draft import Draft, Upload
from services.registration.intake.fingerprint import payload_hash
from services.registration.intake.parse import Parsed
from services.registration.intake.problems import ID_CONFLICT, IMPOSSIBLE_TIMES, TOO_MANY_REFUSALS
from services.registration.intake.replacing import succession_id
from services.registration.subjects.actor import Actor

SWEEP_BATCH = 100
WHOLE_CITY = "79"


@dataclass(slots=True)
class Allowance:
    """What may still be kept of one source today: whoever is refused may be anybody."""

    events: int
    size: int

    def takes(self, size: int) -> bool:
        """Whether there is room for one more, which is then taken."""
        if self.events < 1 or self.size < size:
            return False
        self.events -= 1
        self.size -= size
        return True


class RefusalArchive(Protocol):
    """Bodies of refused events, encrypted, for the ward to see."""

    async def allowance(self, poster: str, now: datetime) -> Allowance:
        """Of the last 24 hours."""

    async def has(self, refusal_id: str) -> bool:
        """Whether this refusal is kept already."""

    async def keep(self, refusal: EventRefused, body: bytes) -> None:
        """Keeping the same refusal again changes nothing. Raises: Unavailable."""

    async def refusals(self, event_id: str) -> Sequence[EventRefused]:
        """Those of one event that are kept still, of whichever poster."""

    async def open_of(self, ids: Collection[str]) -> Sequence[EventRefused]:
        """Those of these events, or with these ids, that somebody has to look at."""

    async def open_after(self, refusal_id: str, limit: int) -> Sequence[EventRefused]:
        """All of them, in the order of their ids."""

    async def end(self, refusal_ids: Collection[str]) -> None:
        """Nobody has to look at these any more."""

    async def of_event(self, event_id: str) -> Sequence[tuple[EventRefused, bytes]]:
        """The same, with what was posted."""


@dataclass(frozen=True)
class RefusedEvent:
    """One event that was not accepted."""

    event_id: str
    poster: str
    ward: str
    target_type: str | None
    result: RefusedResult
    code: str

    def event(self, now: datetime) -> EventRefused:
        """Its id derives from what it says, so that a repeated upload says it once."""
        return EventRefused(
            id=derived_event_id(self.event_id, self.poster, self.result, self.code),
            source="/registration",
            subject=self.event_id,
            time=now,
            recordedtime=now,
            ward=self.ward,
            data=Refusal(
                event_id=self.event_id,
                poster=self.poster,
                target_type=self.target_type,
                result=self.result,
                code=self.code,
            ),
        )


class Refusals:
    """Rejected for good or conflicting: kept with its body, published without."""

    def __init__(self, log: EventLog, kept: RefusalArchive) -> None:
        self._log = log
        self._kept = kept

    async def of(self, event_id: str) -> Sequence[EventRefused]:
        """How often, and whose."""
        return await self._kept.refusals(event_id)

    async def admission(self, parsed: Parsed, key: bytes, actor: Actor) -> str:
        """Which refusal somebody answers for a device, and who. Raises: Refusal; Unavailable."""
        event = parsed.event
        ids = [event.id, *([event.replaces] if event.replaces else [])]
        refused = [
            HashedRefusal(refusal, _hash_of(body, key))
            for id_ in ids
            for refusal, body in await self._kept.of_event(id_)
        ]
        return admission(event, parsed.payload_hash, refused, actor.source, actor.covers)

    async def remember(self, drafts: Sequence[Draft], upload: Upload) -> list[str]:
        """The ids of those that were refused. Raises: Unavailable; all may then be repeated."""
        found = [(draft, refused_of(draft, upload)) for draft in drafts]
        events = [(draft, r.event(upload.now)) for draft, r in found if r]
        if not events:
            return []
        kept = await self._keep(events, upload)
        await self._publish(kept)
        return [event.data.event_id for event in kept]

    async def _keep(
        self, refused: Sequence[tuple[Draft, EventRefused]], upload: Upload
    ) -> list[EventRefused]:
        """Where the day is full the poster keeps the event, and hears so."""
        allowance = await self._kept.allowance(upload.actor.source, upload.now)
        kept = []
        for draft, event in refused:
            body = _body(draft)
            if await self._kept.has(event.id) or allowance.takes(len(body)):
                await self._kept.keep(event, body)
                kept.append(event)
            else:
                draft.outcome = Problem(TOO_MANY_REFUSALS)
        return kept

    async def remember_held(self, held: Event, problem: Problem, now: datetime) -> None:
        """What was accepted while it waited, and had no right when its target came."""
        code = problem.kind.code
        refused = RefusedEvent(
            held.id, held.source, held.ward, held.type, RefusedResult.REJECTED, code
        ).event(now)
        await self._kept.keep(refused, encode(held))
        await self._publish([refused])

    async def settle(self, ids: Collection[str]) -> None:
        """Ends the refusals of events that stand by now, or have a successor; and those that
        somebody let be, which is a void of the refusal. Raises: Unavailable."""
        await self._end(await self._kept.open_of(ids))

    async def sweep(self) -> None:
        """Looks at all that are open: a process may have died in between. Raises: Unavailable."""
        after = ""
        while refused := await self._kept.open_after(after, SWEEP_BATCH):
            await self._end(refused)
            after = refused[-1].id

    async def _end(self, refused: Sequence[EventRefused]) -> None:
        """The void of each first: it is made again where nobody gets to the second step."""
        if not refused:
            return
        events = [r.data.event_id for r in refused]
        found = await self._log.find_all({*events, *map(succession_id, events)})
        let_be = {r.id for r in refused if await self._log.is_voided(r.id)}
        answers = {r.id: answer for r in refused if (answer := answer_to(r, found))}
        voids = [ending(r, answers[r.id]) for r in refused if r.id in answers.keys() - let_be]
        if voids:
            await self._log.append_all([Entry(v, payload_hash=v.id.encode()) for v in voids])
        if over := {*answers, *let_be}:
            await self._kept.end(over)

    async def _publish(self, refused: Sequence[EventRefused]) -> None:
        if refused:
            await self._log.append_all([Entry(r, payload_hash=r.id.encode()) for r in refused])


def answer_to(refused: EventRefused, found: Mapping[str, Stored]) -> Stored | None:
    """What was recorded after all, or in its place. A conflict has none: its id is another's."""
    if refused.data.result is RefusedResult.CONFLICT:
        return None
    own = found.get(refused.data.event_id)
    stands = own is not None and not own.held and not own.refused
    return own if stands else found.get(succession_id(refused.data.event_id))


def ending(refused: EventRefused, answer: Stored) -> EventVoided:
    """The void of a refusal that is over; one, whoever makes it."""
    return EventVoided(
        id=ending_id(refused.id),
        source="/registration",
        subject=refused.subject,
        time=answer.recorded_at,
        recordedtime=answer.recorded_at,
        ward=refused.ward,
        causationid=answer.event_id,
        data=Voiding(event_id=refused.id, target_type=refused.type, reason=VoidReason.SETTLED),
    )


def ending_id(refusal_id: str) -> str:
    """Derived, so that a refusal ends once."""
    return derived_event_id("settled", refusal_id)


def must_be_believable(refusals: Sequence[EventRefused]) -> None:
    """Nobody admits as it was told what was refused for a time at which it cannot have been.

    Raises: Problem.
    """
    kinds = {kind.code: kind for kind in IMPOSSIBLE_TIMES}
    for told in refusals:
        if told.data.code in kinds:
            raise Problem(kinds[told.data.code], "/time")


def refused_of(draft: Draft, upload: Upload) -> RefusedEvent | None:
    """None where the event stands, or may simply be sent again. Pure."""
    match draft.outcome:
        case Appended.CONFLICT:
            result, code = RefusedResult.CONFLICT, ID_CONFLICT.code
        case Problem(kind=kind) if not kind.retryable:
            result, code = RefusedResult.REJECTED, kind.code
        case _:
            return None
    poster = upload.actor.source
    posted_type = draft.value("type")
    return RefusedEvent(
        event_id=draft.id or derived_event_id(poster, _body(draft).decode(errors="replace")),
        poster=poster,
        ward=_filed_under(draft.value("ward"), upload.actor.wards),
        target_type=REGISTRY.current(posted_type) if REGISTRY.class_of(posted_type) else None,
        result=result,
        code=code,
    )


def _filed_under(ward: str, own: Collection[str] | None) -> str:
    """The poster's ward: what a body says gives nobody a place in another ward's list."""
    if exists(ward) and (own is None or ward in own):
        return ward
    today = sorted({unit.code for unit in current()} & set(own or ()))
    return today[0] if today else WHOLE_CITY


def _hash_of(body: bytes, key: bytes) -> bytes | None:
    """None where nothing can have been admitted: what was posted has no canonical form."""
    try:
        posted = orjson.loads(body)
        return payload_hash(posted, key) if isinstance(posted, dict) else None
    except (orjson.JSONDecodeError, Problem):
        return None


def _body(draft: Draft) -> bytes:
    return b"" if isinstance(draft.posted, Problem) else orjson.dumps(draft.posted)
