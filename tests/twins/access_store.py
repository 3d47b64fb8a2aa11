"""All that access keeps, in memory; it passes the suite of the real one."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from services.registration.access.records import (
    Attempts,
    Change,
    DeviceRecord,
    Enrolment,
    Key,
    Session,
    User,
)
from services.registration.subjects.actor import Role
from tests.twins.repeats import MemoryRepeats


class AuditTwin:
    """Lines in order."""

    def __init__(self) -> None:
        self.lines: list[Change] = []

    async def note(self, change: Change) -> None:
        self.lines.append(change)

    async def about(self, id_: str) -> Sequence[Change]:
        return sorted((c for c in self.lines if c.about == id_), key=lambda c: c.at)


class StaffStoreTwin:
    """Users, sessions and attempts by id."""

    def __init__(self, audit: AuditTwin) -> None:
        self._audit = audit
        self.users_by_id: dict[str, User] = {}
        self.sessions: dict[str, Session] = {}
        self.tried: dict[str, Attempts] = {}

    async def add_user(self, user: User, change: Change) -> bool:
        if await self.user_named(user.name):
            return False
        self.users_by_id[user.id] = user
        await self._audit.note(change)
        return True

    async def user(self, user_id: str) -> User | None:
        return self.users_by_id.get(user_id)

    async def user_named(self, name: str) -> User | None:
        return next((u for u in self.users_by_id.values() if u.name == name), None)

    async def users(self, after: str, limit: int) -> Sequence[User]:
        return [self.users_by_id[id_] for id_ in sorted(self.users_by_id) if id_ > after][:limit]

    async def set_password(
        self, user_id: str, password_hash: str, change: Change, *, must_change: bool
    ) -> bool:
        user = self.users_by_id.get(user_id)
        if user is None:
            return False
        changed = replace(
            user, password_hash=password_hash, must_change=must_change, password_at=change.at
        )
        await self._changed(changed, change)
        return True

    async def renew_password(self, user_id: str, was: str, password_hash: str) -> None:
        user = self.users_by_id.get(user_id)
        if user and user.password_hash == was:
            self.users_by_id[user_id] = replace(user, password_hash=password_hash)

    async def disable_user(self, user_id: str, change: Change) -> bool:
        user = self.users_by_id.get(user_id)
        if user is None or user.disabled_at or self._is_last_administrator(user):
            return False
        await self._changed(replace(user, disabled_at=change.at), change)
        return True

    def _is_last_administrator(self, user: User) -> bool:
        others = (u for u in self.users_by_id.values() if u.id != user.id)
        left = any(u.role is Role.ADMIN and not (u.disabled_at or u.must_change) for u in others)
        return user.role is Role.ADMIN and not left

    async def add_session(self, session: Session, change: Change) -> None:
        self.sessions[session.id] = session
        await self._audit.note(change)

    async def session(self, session_id: str) -> Session | None:
        return self.sessions.get(session_id)

    async def saw(self, session_id: str, at: datetime) -> None:
        if session := self.sessions.get(session_id):
            self.sessions[session_id] = replace(session, seen_at=max(session.seen_at, at))

    async def end_session(self, session_id: str, change: Change) -> bool:
        if self.sessions.pop(session_id, None) is None:
            return False
        await self._audit.note(change)
        return True

    async def attempts(self, name_hash: str) -> Attempts | None:
        return self.tried.get(name_hash)

    async def note_attempt(self, name_hash: str, before: Attempts | None, now: Attempts) -> bool:
        if self.tried.get(name_hash) != before:
            return False
        self.tried[name_hash] = now
        return True

    async def forget_attempts(self, name_hash: str) -> None:
        for key in [k for k in self.tried if k == name_hash or k.startswith(f"{name_hash}/")]:
            del self.tried[key]

    async def forgive_attempt(self, name_hash: str) -> None:
        if tried := self.tried.get(name_hash):
            self.tried[name_hash] = tried._replace(tried=tried.tried - 1)

    async def _changed(self, user: User, change: Change) -> None:
        self.users_by_id[user.id] = user
        self.sessions = {id_: s for id_, s in self.sessions.items() if s.user_id != user.id}
        await self._audit.note(change)


class TokenStoreTwin:
    """Enrolments, devices and keys by id."""

    def __init__(self, audit: AuditTwin) -> None:
        self._audit = audit
        self.enrolments: dict[str, Enrolment] = {}
        self.devices_by_id: dict[str, DeviceRecord] = {}
        self.keys_by_id: dict[str, Key] = {}
        self.reads = 0

    async def add_enrolment(self, enrolment: Enrolment, change: Change) -> None:
        self.enrolments[enrolment.id] = enrolment
        await self._audit.note(change)

    async def enrolment(self, enrolment_id: str) -> Enrolment | None:
        return self.enrolments.get(enrolment_id)

    async def enrolment_of(self, code_hash: str) -> Enrolment | None:
        found = (e for e in self.enrolments.values() if e.code_hash == code_hash)
        return max(found, key=lambda enrolment: enrolment.made_at, default=None)

    async def enrol(
        self, enrolment_id: str, device: DeviceRecord, change: Change, nonce_hash: str = ""
    ) -> bool:
        enrolment = self.enrolments.get(enrolment_id)
        if enrolment is None or enrolment.used_at or enrolment.ends_at <= change.at:
            return False
        self.enrolments[enrolment_id] = replace(
            enrolment, used_at=change.at, device_id=device.id, nonce_hash=nonce_hash
        )
        self.devices_by_id[device.id] = device
        await self._audit.note(change)
        return True

    async def readmit(self, device_id: str, token_hash: str, change: Change) -> bool:
        device = self.devices_by_id.get(device_id)
        if device is None or device.revoked_at:
            return False
        self.devices_by_id[device_id] = replace(device, token_hash=token_hash)
        await self._audit.note(change)
        return True

    async def device(self, device_id: str) -> DeviceRecord | None:
        return self.devices_by_id.get(device_id)

    async def device_of(self, token_hash: str) -> DeviceRecord | None:
        self.reads += 1
        found = (d for d in self.devices_by_id.values() if d.token_hash == token_hash)
        return next(found, None)

    async def devices(
        self, wards: Sequence[str] | None, after: str, limit: int
    ) -> Sequence[DeviceRecord]:
        found = [d for d in self.devices_by_id.values() if d.id > after]
        own = [d for d in found if wards is None or d.ward in wards]
        return sorted(own, key=lambda device: device.id)[:limit]

    async def revoke_device(self, device_id: str, change: Change) -> bool:
        device = self.devices_by_id.get(device_id)
        if device is None or device.revoked_at:
            return False
        self.devices_by_id[device_id] = replace(device, revoked_at=change.at)
        await self._audit.note(change)
        return True

    async def add_key(self, key: Key, change: Change) -> None:
        self.keys_by_id[key.id] = key
        await self._audit.note(change)

    async def key(self, key_id: str) -> Key | None:
        return self.keys_by_id.get(key_id)

    async def key_of(self, token_hash: str) -> Key | None:
        return next((k for k in self.keys_by_id.values() if k.token_hash == token_hash), None)

    async def keys(self, wards: Sequence[str] | None, after: str, limit: int) -> Sequence[Key]:
        found = [k for k in self.keys_by_id.values() if k.id > after]
        own = [k for k in found if wards is None or {*wards} & {*(k.wards or ())}]
        return sorted(own, key=lambda key: key.id)[:limit]

    async def revoke_key(self, key_id: str, change: Change) -> bool:
        key = self.keys_by_id.get(key_id)
        if key is None or key.revoked_at:
            return False
        self.keys_by_id[key_id] = replace(key, revoked_at=change.at)
        await self._audit.note(change)
        return True


class AccessStoreTwin:
    """Its parts."""

    def __init__(self) -> None:
        self.audit = AuditTwin()
        self.staff = StaffStoreTwin(self.audit)
        self.tokens = TokenStoreTwin(self.audit)
        self.repeats = MemoryRepeats()
