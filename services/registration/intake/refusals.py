"""What was not accepted is kept for the ward, and published for the device to hear again."""

from collections.abc import Sequence
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
from services.platform.wards import exists
from services.registration.intake.admitting import RefusedBody, admission
from services.registration.intake.draft import Draft, Upload
from services.registration.intake.parse import Parsed, payload_hash
from services.registration.intake.problems import ID_CONFLICT
from services.registration.intake.subject import Actor

WHOLE_CITY = "79"


class Kept(Protocol):
    """Bodies of refused events, encrypted, for the ward to see."""

    async def keep(self, refusal: EventRefused, body: bytes) -> None:
        """Keeping the same refusal again changes nothing. Raises: Unavailable."""

    async def refusals(self, event_id: str) -> Sequence[EventRefused]:
        """Those of one event that are kept still, of whichever poster."""

    async def of_event(self, event_id: str) -> Sequence[tuple[EventRefused, bytes]]:
        """The same, with what was posted."""


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

    async def admission(self, parsed: Parsed, key: bytes, actor: Actor) -> str:
        """Which refusal somebody answers for a device, and who. Raises: Refusal; Unavailable."""
        event = parsed.event
        ids = [event.id, *([event.replaces] if event.replaces else [])]
        refused = [
            RefusedBody(refusal, _hash_of(body, key))
            for id_ in ids
            for refusal, body in await self._kept.of_event(id_)
        ]
        return admission(event, parsed.payload_hash, refused, actor.source, actor.covers)

    async def remember(self, drafts: Sequence[Draft], upload: Upload) -> list[str]:
        """The ids of those that were refused. Raises: Unavailable; all may then be repeated."""
        found = [(draft, refused_of(draft, upload)) for draft in drafts]
        events = [(draft, r.event(upload.now)) for draft, r in found if r]
        for draft, event in events:
            await self._kept.keep(event, _body(draft))
        await self._publish([event for _, event in events])
        return [event.data.event_id for _, event in events]

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
    posted_type, ward = draft.value("type"), draft.value("ward")
    return Refused(
        event_id=draft.id or derived_event_id(poster, _body(draft).decode(errors="replace")),
        poster=poster,
        ward=ward if exists(ward) else WHOLE_CITY,
        target_type=posted_type if posted_type in BY_TYPE else None,
        result=result,
        code=code,
    )


def _hash_of(body: bytes, key: bytes) -> bytes | None:
    """None where nothing can have been admitted: what was posted has no canonical form."""
    try:
        posted = orjson.loads(body)
        return payload_hash(posted, key) if isinstance(posted, dict) else None
    except (orjson.JSONDecodeError, Problem):
        return None


def _body(draft: Draft) -> bytes:
    return b"" if isinstance(draft.posted, Problem) else orjson.dumps(draft.posted)
