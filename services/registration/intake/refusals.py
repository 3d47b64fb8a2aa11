"""What was not accepted is kept for the ward, and published for the device to hear again."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

import orjson

from services.events.codes import RefusedResult
from services.events.corrections import EventRefused, Refusal
from services.events.envelope import Event
from services.events.registry import BY_TYPE, encode
from services.messaging.entry import Appended, Entry
from services.messaging.event_log import EventLog
from services.platform.ids import derived_event_id
from services.platform.problems import Problem
from services.platform.wards import current, exists
from services.registration.intake.draft import Draft, Upload
from services.registration.intake.problems import ID_CONFLICT, TOO_MANY_REFUSALS

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


class Kept(Protocol):
    """Bodies of refused events, encrypted, for the ward to see."""

    async def allowance(self, poster: str, now: datetime) -> Allowance:
        """Of the last 24 hours."""

    async def has(self, refusal_id: str) -> bool:
        """Whether this refusal is kept already."""

    async def keep(self, refusal: EventRefused, body: bytes) -> None:
        """Keeping the same refusal again changes nothing. Raises: Unavailable."""

    async def refusals(self, event_id: str) -> Sequence[EventRefused]:
        """Those of one event that are kept still, of whichever poster."""


@dataclass(frozen=True)
class Refused:
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

    def __init__(self, log: EventLog, kept: Kept) -> None:
        self._log = log
        self._kept = kept

    async def of(self, event_id: str) -> Sequence[EventRefused]:
        """How often, and whose."""
        return await self._kept.refusals(event_id)

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
            if allowance.takes(len(body)) or await self._kept.has(event.id):
                await self._kept.keep(event, body)
                kept.append(event)
            else:
                draft.outcome = Problem(TOO_MANY_REFUSALS)
        return kept

    async def remember_held(self, held: Event, problem: Problem, now: datetime) -> None:
        """What was accepted while it waited, and had no right when its target came."""
        code = problem.kind.code
        refused = Refused(
            held.id, held.source, held.ward, held.type, RefusedResult.REJECTED, code
        ).event(now)
        await self._kept.keep(refused, encode(held))
        await self._publish([refused])

    async def _publish(self, refused: Sequence[EventRefused]) -> None:
        if refused:
            await self._log.append_all([Entry(r, payload_hash=r.id.encode()) for r in refused])


def refused_of(draft: Draft, upload: Upload) -> Refused | None:
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
    return Refused(
        event_id=draft.id or derived_event_id(poster, _body(draft).decode(errors="replace")),
        poster=poster,
        ward=_filed_under(draft.value("ward"), upload.actor.wards),
        target_type=posted_type if posted_type in BY_TYPE else None,
        result=result,
        code=code,
    )


def _filed_under(ward: str, own: Collection[str] | None) -> str:
    """The poster's ward: what a body says gives nobody a place in another ward's list."""
    if exists(ward) and (own is None or ward in own):
        return ward
    today = sorted({unit.code for unit in current()} & set(own or ()))
    return today[0] if today else WHOLE_CITY


def _body(draft: Draft) -> bytes:
    return b"" if isinstance(draft.posted, Problem) else orjson.dumps(draft.posted)
