"""Bodies of events that were not accepted: encrypted, for their ward, for 90 days at most."""

from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

import orjson
from pydantic import ValidationError

from services.events.codes import RefusedResult
from services.events.corrections import EventRefused, Refusal
from services.events.person import Person
from services.platform.clock import Clock, utc_now
from services.platform.problems import Problem
from services.registration.citizens import identity
from services.registration.citizens.identity import Hasher, Kind
from services.registration.citizens.vault import Keys, Unreadable, Vault
from services.registration.intake.results import ResultKind

KEPT_FOR = timedelta(days=90)


@dataclass(frozen=True, slots=True)
class KeptBody:
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


class KeptStore(Protocol):
    """Durable when it returns. Raises: Unavailable."""

    async def add(self, body: KeptBody) -> None:
        """A refusal that is kept already stays as it is."""

    async def newest(self, event_id: str, poster: str) -> KeptBody | None:
        """The last refusal of an event from one source."""

    async def of_event(self, event_id: str) -> Sequence[KeptBody]:
        """The refusals of one event, newest first."""

    async def of_ward(self, ward: str, after: str, limit: int) -> Sequence[KeptBody]:
        """By refusal id, those after `after`."""

    async def delete(self, persons: Sequence[bytes]) -> None:
        """Those that tell of any of these."""


@dataclass(frozen=True, slots=True)
class Opened:
    """A refusal with what was posted."""

    kept: KeptBody
    body: bytes


class Kept:
    """Keeps, shows and forgets refused bodies."""

    def __init__(self, store: KeptStore, keys: Keys, clock: Clock = utc_now) -> None:
        self._store = store
        self._clock = clock
        self._vault = Vault(keys)
        self._hasher = Hasher(keys.index)

    async def keep(self, refusal: EventRefused, body: bytes) -> None:
        """Keeping the same refusal again changes nothing. Raises: Unavailable."""
        sealed, key = self._vault.seal_body(body, refusal.id)
        told = refusal.data
        await self._store.add(
            KeptBody(
                refusal_id=refusal.id,
                event_id=told.event_id,
                poster=told.poster,
                ward=refusal.ward,
                target_type=told.target_type,
                result=told.result.value,
                code=told.code,
                at=self._clock(),
                persons=tuple(sorted(set(_hashes(body, self._hasher)))),
                sealed=sealed,
                key=key,
            )
        )

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

    async def of_ward(self, ward: str, after: str = "", limit: int = 100) -> list[Opened]:
        """What a ward has to look at, opened. Raises: Unreadable when a key is not here."""
        found = await self._store.of_ward(ward, after, limit)
        return [
            Opened(kept, self._vault.open_body(kept.sealed, kept.key, kept.refusal_id))
            for kept in found
        ]

    async def forget(self, hashes: tuple[bytes, ...]) -> None:
        """Deletes those that tell of any of these numbers. Raises: Unavailable."""
        if hashes:
            await self._store.delete(hashes)


def _told(kept: KeptBody) -> EventRefused:
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


def _hashes(body: bytes, hasher: Hasher) -> Iterator[bytes]:
    """Of every number that the body gives in its place, whoever's phone it may be."""
    with suppress(orjson.JSONDecodeError, KeyError, TypeError, ValidationError):
        person = Person.model_validate(orjson.loads(body)["data"]["person"])
        if person.national_id:
            with suppress(Problem):
                yield hasher.of(Kind.NATIONAL_ID, identity.national_id(person.national_id))
        if person.phone:
            with suppress(Problem):
                yield hasher.of(Kind.PHONE, identity.phone(person.phone).number)
