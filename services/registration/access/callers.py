"""From a token to whoever sends it: looked up, then known again for a few seconds."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from services.events.neighbourhoods import NEIGHBOURHOODS
from services.events.registry import REGISTRY
from services.events.service_points import SERVICE_POINTS
from services.events.teams import TEAMS
from services.platform.clock import Clock
from services.platform.problems import UNAUTHENTICATED, Problem, ProblemKind
from services.registration.access.actor import (
    AnyActor,
    Device,
    Integrator,
    Kiosk,
    Revoked,
    Staff,
)
from services.registration.access.problems import (
    DEVICE_REVOKED,
    KEY_ENDED,
    KEY_REVOKED,
    PASSWORD_MUST_CHANGE,
)
from services.registration.access.records import DeviceRecord, Key, Session, User
from services.registration.access.scope import Place, TeamScope
from services.registration.access.store import AccessStore
from services.registration.access.tokens import LONGEST_TOKEN, Prefix, token_hash
from services.registration.subjects.actor import Role
from services.registration.subjects.ground import ground, readable, units
from services.registration.subjects.rows import Row, Rows

FRESH = timedelta(seconds=5)
"""So long a change made by another process may go unnoticed; this one's own shows at once."""
MAX_KNOWN = 10_000
IDLE = timedelta(hours=2)
SEEN_EVERY = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Caller:
    """`barred`: all that this caller may do is told where it is asked for."""

    actor: AnyActor
    made_at: datetime
    until: datetime
    session: Session | None = None
    user: User | None = None
    barred: ProblemKind | None = None


class CallerCache:
    """Every token that was shown lately, by hash."""

    def __init__(self, store: AccessStore, rows: Rows, clock: Clock, *, demo: bool = False) -> None:
        """`demo`: days of the past are played, from before all phones were enrolled."""
        self._demo = demo
        self._store = store
        self._rows = rows
        self._clock = clock
        self._known: dict[bytes, Caller] = {}
        self._age = 0

    def known(self, digest: bytes, now: datetime) -> Caller | None:
        """Whoever was looked up just now; a clock that was set back makes nobody known longer."""
        caller = self._known.get(digest)
        return caller if caller and caller.made_at <= now < caller.until else None

    async def look_up(self, token: str, digest: bytes, now: datetime) -> Caller:
        """Raises: Problem."""
        age = self._age
        caller = await self._find(token, now)
        if caller is None:
            raise Problem(UNAUTHENTICATED, headers={"WWW-Authenticate": "Bearer"})
        if age == self._age:
            self._remember(digest, caller)
        return caller

    def forget(self) -> None:
        """Something changed: all are looked up again, also those whose look-up is under way."""
        self._age += 1
        self._known.clear()

    def _remember(self, digest: bytes, caller: Caller) -> None:
        self._known.pop(digest, None)
        self._known[digest] = caller
        if len(self._known) > MAX_KNOWN:
            del self._known[next(iter(self._known))]

    async def _find(self, token: str, now: datetime) -> Caller | None:
        if len(token) > LONGEST_TOKEN or not token.isascii():
            return None
        if token.startswith(Prefix.DEVICE):
            device = await self._store.tokens.device_of(token_hash(token))
            return await self._device(device, now) if device else None
        if token.startswith(Prefix.SESSION):
            session = await self._store.staff.session(token_hash(token))
            return await self._staff(session, now) if session else None
        if token.startswith(Prefix.KEY):
            key = await self._store.tokens.key_of(token_hash(token))
            return _machine(key, now, demo=self._demo) if key else None
        return None

    async def _device(self, device: DeviceRecord, now: datetime) -> Caller:
        if device.revoked_at:
            wards = readable(units([device.ward]))
            gone = Revoked(device.source, Role.VOLUNTEER, DEVICE_REVOKED, wards)
            return Caller(gone, now, now + FRESH, barred=DEVICE_REVOKED)
        row = await self._rows.get(TEAMS, device.team_id)
        team = _read(TeamScope, row) if row else None
        places = await self._places(team) if team else {}
        phone = Device(device.source, device.team_id, team, places, since=self._since(device))
        return Caller(phone, now, now + FRESH)

    def _since(self, device: DeviceRecord) -> datetime | None:
        return None if self._demo else device.enrolled_at

    async def _places(self, team: TeamScope) -> dict[str, Place]:
        ids = sorted(team.place_ids)
        wanted = [(kind, id_) for id_ in ids for kind in (NEIGHBOURHOODS, SERVICE_POINTS)]
        rows = await self._rows.find(wanted)
        return {row.id: _read(Place, row) for row in rows.values()}

    async def _staff(self, session: Session, now: datetime) -> Caller | None:
        if now >= min(session.ends_at, session.seen_at + IDLE):
            return None
        user = await self._store.staff.user(session.user_id)
        if user is None or user.disabled_at:
            return None
        if now - session.seen_at > SEEN_EVERY:
            await self._store.staff.saw(session.id, now)
        barred = PASSWORD_MUST_CHANGE if user.must_change else None
        actor = Staff.of(user.source, user.role, user.wards)
        return Caller(actor, now, min(now + FRESH, session.ends_at), session, user, barred)


def _machine(key: Key, now: datetime, *, demo: bool) -> Caller:
    why = KEY_REVOKED if key.revoked_at else KEY_ENDED if now >= key.ends_at else None
    if why:
        wards = None if key.wards is None else readable(units(key.wards))
        gone = Revoked(key.source, key.kind, why, wards)
        return Caller(gone, now, now + FRESH, barred=why)
    until = min(now + FRESH, key.ends_at)
    kiosk = key.kind is Role.KIOSK
    return Caller(_kiosk(key, demo=demo) if kiosk else _integrator(key), now, until)


def _kiosk(key: Key, *, demo: bool) -> Kiosk:
    [ward] = key.wards or ("",)
    point = key.service_point_id or ""
    own = ground(units([ward]))
    return Kiosk(key.source, point, ward, own, key.ends_at, since=None if demo else key.made_at)


def _integrator(key: Key) -> Integrator:
    own = None if key.wards is None else ground(units(key.wards))
    types = frozenset(map(REGISTRY.current, key.types))  # a key outlives a version of a type
    return Integrator(key.source, types, key.ends_at, key.wards, own)


def _read(view: type[Any], row: Row) -> Any:
    return view.model_validate(row.state)
