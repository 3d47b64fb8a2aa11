"""Bodies of events that were not accepted: encrypted, for their ward, for 90 days at most."""

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice
from typing import Protocol

import orjson

from services.events.codes import RefusedResult
from services.events.corrections import EventRefused, Refusal
from services.platform.clock import Clock, utc_now
from services.platform.problems import Problem
from services.platform.vietnam.texts import compatible
from services.registration.citizens import identity
from services.registration.citizens.identity import Hasher, Kind
from services.registration.citizens.vault import Keys, Unreadable, Vault
from services.registration.intake.refusals import Allowance
from services.registration.intake.results import ResultKind

RETENTION = timedelta(days=90)
LONGEST_NUMBER = 12
MOST_NUMBERS = 200
"""Looked at in one body; a person has few."""
_DIGITS = re.compile(r"[0-9]+")
_A_NUMBER = re.compile(r"[0-9]{12}|0?[1-9][0-9]{8}|84[1-9][0-9]{8}|02[0-9]{9}")
"""A national id, or a telephone number with or without what begins it."""
_RECORD = re.compile(r"\bc-[0-9a-z]{4,60}\b")
ALLOWED_A_DAY = 500
ALLOWED_BYTES_A_DAY = 4 * 1024 * 1024
"""Of one source: a phone revoked with a month of visits on it, or one that is wrong all day."""


@dataclass(frozen=True, slots=True)
class RefusedBody:
    """One refusal; the body's own key is wrapped, and `persons` finds it when one is erased."""

    refusal_id: str
    event_id: str
    poster: str
    ward: str
    target_type: str | None
    result: str
    code: str
    at: datetime
    persons: tuple[bytes, ...]
    sealed: bytes
    key: bytes
    ended: bool = False
    """Nobody has to look at it any more: it was admitted, replaced or let be."""


class RefusedBodyStore(Protocol):
    """Durable when it returns. Raises: Unavailable."""

    async def add(self, body: RefusedBody) -> None:
        """A refusal that is kept already stays as it is."""

    async def newest(self, event_id: str, poster: str) -> RefusedBody | None:
        """The last refusal of an event from one source."""

    async def has(self, refusal_id: str) -> bool:
        """Whether it is there."""

    async def of_source(self, poster: str, since: datetime) -> tuple[int, int]:
        """How many were kept after `since`, and how many bytes they hold."""

    async def of_event(self, event_id: str) -> Sequence[RefusedBody]:
        """The refusals of one event, newest first."""

    async def of_ward(self, ward: str, after: str, limit: int) -> Sequence[RefusedBody]:
        """Those that have not ended, by refusal id, after `after`."""

    async def open_of(self, ids: Collection[str]) -> Sequence[RefusedBody]:
        """Those that have not ended of these events, or of these refusals."""

    async def open_after(self, refusal_id: str, limit: int) -> Sequence[RefusedBody]:
        """Those that have not ended, by refusal id."""

    async def end(self, refusal_ids: Collection[str]) -> None:
        """Again changes nothing."""

    async def delete(self, persons: Sequence[bytes]) -> None:
        """Those that tell of any of these."""


@dataclass(frozen=True, slots=True)
class Opened:
    """A refusal with what was posted."""

    refused: RefusedBody
    body: bytes


class RefusedBodies:
    """Keeps, shows and forgets refused bodies."""

    def __init__(self, store: RefusedBodyStore, keys: Keys, clock: Clock = utc_now) -> None:
        self._store = store
        self._clock = clock
        self._vault = Vault(keys)
        self._hashers = tuple(Hasher(key) for key in (keys.index, *keys.former_index))

    async def keep(self, refusal: EventRefused, body: bytes) -> None:
        """Keeping the same refusal again changes nothing. Raises: Unavailable."""
        sealed, key = self._vault.seal_body(body, refusal.id)
        told = refusal.data
        await self._store.add(
            RefusedBody(
                refusal_id=refusal.id,
                event_id=told.event_id,
                poster=told.poster,
                ward=refusal.ward,
                target_type=told.target_type,
                result=told.result.value,
                code=told.code,
                at=self._clock(),
                persons=tuple(sorted(set(_hashes(body, self._hashers)))),
                sealed=sealed,
                key=key,
            )
        )

    async def has(self, refusal_id: str) -> bool:
        """Whether this refusal is kept already."""
        return await self._store.has(refusal_id)

    async def allowance(self, poster: str, now: datetime) -> Allowance:
        """What may still be kept of one source in these 24 hours."""
        events, size = await self._store.of_source(poster, now - timedelta(days=1))
        return Allowance(ALLOWED_A_DAY - events, ALLOWED_BYTES_A_DAY - size)

    async def outcome(self, event_id: str, source: str) -> tuple[ResultKind, str] | None:
        """Result and code of the newest refusal of this event from this source."""
        found = await self._store.newest(event_id, source)
        return (ResultKind(found.result), found.code) if found else None

    async def refusals(self, event_id: str) -> list[EventRefused]:
        """Those of one event as they were told; nothing is opened."""
        return [_told(kept) for kept in await self._store.of_event(event_id)]

    async def of_event(self, event_id: str) -> list[tuple[EventRefused, bytes]]:
        """The same with what was posted; without those whose key is not here."""
        found = list[tuple[EventRefused, bytes]]()
        for kept in await self._store.of_event(event_id):
            with suppress(Unreadable):
                body = self._vault.open_body(kept.sealed, kept.key, kept.refusal_id)
                found.append((_told(kept), body))
        return found

    async def open_of(self, ids: Collection[str]) -> list[EventRefused]:
        """Those of these events, or of these refusals, that a ward has to look at."""
        return [_told(kept) for kept in await self._store.open_of(ids)]

    async def open_after(self, refusal_id: str, limit: int) -> list[EventRefused]:
        """All of them, by id."""
        return [_told(kept) for kept in await self._store.open_after(refusal_id, limit)]

    async def end(self, refusal_ids: Collection[str]) -> None:
        """No ward has to look at these any more; their bodies stay until their time is over."""
        await self._store.end(refusal_ids)

    async def of_ward(self, ward: str, after: str = "", limit: int = 100) -> list[Opened]:
        """What a ward has to look at, opened. Raises: Unreadable when a key is not here."""
        found = await self._store.of_ward(ward, after, limit)
        return [
            Opened(kept, self._vault.open_body(kept.sealed, kept.key, kept.refusal_id))
            for kept in found
        ]

    async def forget(self, hashes: tuple[bytes, ...], citizen_ids: tuple[str, ...] = ()) -> None:
        """Deletes those that tell of any of these. Raises: Unavailable."""
        named = (h.of(Kind.RECORD, id_) for h in self._hashers for id_ in citizen_ids)
        if told := (*hashes, *named):
            await self._store.delete(told)


def _told(kept: RefusedBody) -> EventRefused:
    return EventRefused(
        id=kept.refusal_id,
        source="/registration",
        subject=kept.event_id,
        time=kept.at,
        recordedtime=kept.at,
        ward=kept.ward,
        data=Refusal(
            event_id=kept.event_id,
            poster=kept.poster,
            target_type=kept.target_type,
            result=RefusedResult(kept.result),
            code=kept.code,
        ),
    )


def _hashes(body: bytes, hashers: Sequence[Hasher]) -> Iterator[bytes]:
    """Of every number that the body gives and every record that it names, wherever it does so.

    A body that was refused may have any form: a number in the wrong field is a person's too.
    """
    texts = list(_texts(body))
    for hasher in hashers:
        for record in {record for text in texts for record in _RECORD.findall(text)}:
            yield hasher.of(Kind.RECORD, record)
        for number in islice(_numbers(texts), MOST_NUMBERS):
            yield from _hashed(number, hasher)


def _texts(body: bytes) -> Iterator[str]:
    try:
        left = [orjson.loads(body)]
    except orjson.JSONDecodeError:
        left = [body.decode(errors="replace")]
    while left:
        match left.pop():
            case dict() as members:
                left += [*members.keys(), *members.values()]
            case list() as elements:
                left += elements
            case str() | int() as scalar if not isinstance(scalar, bool):
                yield compatible(str(scalar))


def _numbers(texts: Iterable[str]) -> Iterator[str]:
    """Digits that stand together, or grouped as in writing, and could be a number."""
    for text in texts:
        groups = _DIGITS.findall(text)
        for first in range(len(groups)):
            joined = ""
            for group in groups[first:]:
                joined += group
                if len(joined) > LONGEST_NUMBER:
                    break
                if _A_NUMBER.fullmatch(joined):
                    yield joined


def _hashed(digits: str, hasher: Hasher) -> Iterator[bytes]:
    with suppress(Problem):
        yield hasher.of(Kind.NATIONAL_ID, identity.national_id(digits))
    written = f"+{digits}" if digits.startswith("84") else f"0{digits.removeprefix('0')}"
    with suppress(Problem):
        yield hasher.of(Kind.PHONE, identity.phone(written).e164)
