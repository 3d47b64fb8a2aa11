"""Keys of other systems and of kiosks: what they may send, where, and until when."""

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from types import MappingProxyType
from typing import NamedTuple

from services.events.envelope import CITY_TIME
from services.events.service_points import SERVICE_POINTS
from services.platform.clock import Clock
from services.platform.ids import random_id
from services.platform.problems import FORBIDDEN, NOT_FOUND, Problem
from services.registration.access.actor import Staff
from services.registration.access.callers import CallerCache
from services.registration.access.problems import KEY_DAY_OUT_OF_RANGE, POINT_ELSEWHERE
from services.registration.access.records import Act, Change, Key
from services.registration.access.scope import Place
from services.registration.access.staff import known_wards
from services.registration.access.token_store import TokenStore
from services.registration.access.tokens import Prefix, new_token, token_hash
from services.registration.subjects.actor import COORDINATORS, Role
from services.registration.subjects.ground import units
from services.registration.subjects.rows import Rows

PREFIXES: Mapping[Role, str] = MappingProxyType({Role.INTEGRATOR: "i", Role.KIOSK: "k"})
LAST_DAY = date(2099, 12, 31)


class Wanted(NamedTuple):
    """What a key is to open; `wards` None is the whole city, for an integrator alone."""

    kind: Role
    name: str
    valid_to: date
    types: tuple[str, ...] = ()
    wards: tuple[str, ...] | None = None
    service_point_id: str | None = None


class ApiKeys:
    """The centre gives keys to other systems, a ward to its kiosks."""

    def __init__(self, store: TokenStore, rows: Rows, callers: CallerCache, clock: Clock) -> None:
        self._store = store
        self._rows = rows
        self._callers = callers
        self._clock = clock

    async def make(self, wanted: Wanted, by: Staff) -> tuple[Key, str]:
        """The key, and its token, which nobody is told again. Raises: Problem."""
        await self._check(wanted)
        if not _may_give(wanted.kind, wanted.wards, by):
            raise Problem(FORBIDDEN)
        now, token = self._clock(), new_token(Prefix.KEY)
        key = Key(
            id=random_id(PREFIXES[wanted.kind]),
            token_hash=token_hash(token),
            kind=wanted.kind,
            name=wanted.name,
            types=tuple(sorted(set(wanted.types))),
            wards=None if wanted.wards is None else known_wards(wanted.wards),
            service_point_id=wanted.service_point_id,
            made_at=now,
            made_by=by.source,
            ends_at=end_of(wanted.valid_to),
        )
        await self._store.add_key(key, Change(Act.KEY_MADE, by.source, key.id, now))
        return key, token

    async def revoke(self, key_id: str, by: Staff) -> None:
        """What it still sends is refused, and kept for the ward. Raises: Problem."""
        key = await self._store.key(key_id)
        if key is None or not _may_give(key.kind, key.wards, by):
            raise Problem(NOT_FOUND, "/path/id")
        change = Change(Act.KEY_REVOKED, by.source, key_id, self._clock())
        await self._store.revoke_key(key_id, change)
        self._callers.forget()

    async def _check(self, wanted: Wanted) -> None:
        known_wards(wanted.wards or ())
        today = self._clock().astimezone(CITY_TIME).date()
        if not today <= wanted.valid_to <= LAST_DAY:
            raise Problem(KEY_DAY_OUT_OF_RANGE, "/body/valid_to")
        if wanted.kind is Role.KIOSK:
            await self._check_point(wanted)

    async def _check_point(self, wanted: Wanted) -> None:
        row = await self._rows.get(SERVICE_POINTS, wanted.service_point_id or "")
        if row is None:
            raise Problem(NOT_FOUND, "/body/service_point_id")
        if Place.model_validate(row.state).unit not in units(wanted.wards or ()):
            raise Problem(POINT_ELSEWHERE, "/body/service_point_id")


def end_of(day: date) -> datetime:
    """The instant after a day in Ho Chi Minh City."""
    return datetime.combine(day + timedelta(days=1), time(), CITY_TIME)


def last_day(key: Key) -> date:
    """The last day on which a key opens anything."""
    return (key.ends_at - timedelta(seconds=1)).astimezone(CITY_TIME).date()


def _may_give(kind: Role, wards: tuple[str, ...] | None, by: Staff) -> bool:
    if kind is Role.KIOSK and by.role in COORDINATORS:
        return all(by.runs(unit) for unit in units(wards or ()))
    return by.role in (Role.CENTRE, Role.ADMIN)
