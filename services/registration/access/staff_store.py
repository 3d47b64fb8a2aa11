"""Users, their sessions, and passwords tried."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from typing import Protocol

from pymongo import ASCENDING, IndexModel
from pymongo.errors import DuplicateKeyError

from services.platform.mongo import Collection, Database, Document
from services.platform.mongo import Session as Transaction
from services.registration.access.audit import Audit, NotDone
from services.registration.access.documents import fields, to_document
from services.registration.access.lockout import FORGOTTEN_AFTER
from services.registration.access.records import Attempts, Change, Session, User
from services.registration.subjects.actor import Role


class StaffStore(Protocol):
    """Each change comes with its line in the audit: both are written or neither."""

    async def add_user(self, user: User, change: Change) -> bool:
        """False when the name is taken."""

    async def user(self, user_id: str) -> User | None: ...

    async def user_named(self, name: str) -> User | None: ...

    async def users(self, after: str, limit: int) -> Sequence[User]:
        """By id, those after `after`."""

    async def set_password(
        self, user_id: str, password_hash: str, change: Change, *, must_change: bool
    ) -> bool:
        """Ends all sessions of the user. False when there is no such user."""

    async def renew_password(self, user_id: str, was: str, password_hash: str) -> None:
        """The same password in the form of today; where another was set meanwhile, that one stays.
        No line in the audit: nothing changed for anybody."""

    async def disable_user(self, user_id: str, change: Change) -> bool:
        """Ends all sessions too. False when there is no such user, it was disabled before, or is
        the last administrator who can sign in."""

    async def add_session(self, session: Session, change: Change) -> None: ...

    async def session(self, session_id: str) -> Session | None: ...

    async def saw(self, session_id: str, at: datetime) -> None:
        """The session was used."""

    async def end_session(self, session_id: str, change: Change) -> bool:
        """False when it had ended."""

    async def attempts(self, name_hash: str) -> Attempts | None: ...

    async def note_attempt(self, name_hash: str, before: Attempts | None, now: Attempts) -> bool:
        """False when somebody noted another one since `before` was read."""

    async def forget_attempts(self, name_hash: str) -> None:
        """And what is counted below it, as `<name_hash>/…`."""

    async def forgive_attempt(self, name_hash: str) -> None:
        """One of those noted was right."""


class MongoStaffStore:
    """Collections `users`, `sessions`, `attempts`, `locks`."""

    def __init__(self, database: Database, audit: Audit) -> None:
        self._users: Collection = database["users"]
        self._sessions: Collection = database["sessions"]
        self._attempts: Collection = database["attempts"]
        self._locks: Collection = database["locks"]
        self._audit = audit

    async def ensure_indexes(self) -> None:
        """A name once; and what makes the database forget sessions and attempts."""
        forgotten_s = int(FORGOTTEN_AFTER.total_seconds())
        await self._users.create_indexes([IndexModel([("name", ASCENDING)], unique=True)])
        await self._sessions.create_indexes(
            [
                IndexModel([("user_id", ASCENDING)]),
                IndexModel([("ends_at", ASCENDING)], expireAfterSeconds=0),
            ]
        )
        await self._attempts.create_indexes(
            [IndexModel([("last_at", ASCENDING)], expireAfterSeconds=forgotten_s)]
        )

    async def add_user(self, user: User, change: Change) -> bool:
        document = to_document(user)
        return await self._audit.write(
            change, lambda session: self._users.insert_one(document, session=session)
        )

    async def user(self, user_id: str) -> User | None:
        return _user(await self._users.find_one({"_id": user_id}))

    async def user_named(self, name: str) -> User | None:
        return _user(await self._users.find_one({"name": name}))

    async def users(self, after: str, limit: int) -> Sequence[User]:
        found = self._users.find({"_id": {"$gt": after}}).sort("_id", ASCENDING).limit(limit)
        return [user async for document in found if (user := _user(document))]

    async def set_password(
        self, user_id: str, password_hash: str, change: Change, *, must_change: bool
    ) -> bool:
        new = {
            "password_hash": password_hash,
            "must_change": must_change,
            "password_at": change.at,
        }
        return await self._change_user({"_id": user_id}, new, change)

    async def renew_password(self, user_id: str, was: str, password_hash: str) -> None:
        anew = {"$set": {"password_hash": password_hash}}
        await self._users.update_one({"_id": user_id, "password_hash": was}, anew)

    async def disable_user(self, user_id: str, change: Change) -> bool:
        still_there = {"_id": user_id, "disabled_at": None}
        new = {"disabled_at": change.at}
        user = await self.user(user_id)
        is_admin = user is not None and user.role is Role.ADMIN
        check = self._keep_an_administrator if is_admin else None
        return await self._change_user(still_there, new, change, check)

    async def _keep_an_administrator(self, session: Transaction) -> None:
        """Two who disable each other at once meet in one document. Raises: NotDone."""
        await self._locks.update_one(
            {"_id": Role.ADMIN.value}, {"$inc": {"changes": 1}}, upsert=True, session=session
        )
        left = {"role": Role.ADMIN.value, "disabled_at": None, "must_change": False}
        if await self._users.find_one(left, session=session) is None:
            raise NotDone

    async def _change_user(
        self,
        which: Document,
        new: Document,
        change: Change,
        check: Callable[[Transaction], Awaitable[None]] | None = None,
    ) -> bool:
        async def work(session: Transaction) -> None:
            done = await self._users.update_one(which, {"$set": new}, session=session)
            if not done.matched_count:
                raise NotDone
            if check:
                await check(session)
            await self._sessions.delete_many({"user_id": which["_id"]}, session=session)

        return await self._audit.write(change, work)

    async def add_session(self, session: Session, change: Change) -> None:
        document = to_document(session)
        await self._audit.write(change, lambda s: self._sessions.insert_one(document, session=s))

    async def session(self, session_id: str) -> Session | None:
        found = await self._sessions.find_one({"_id": session_id})
        return Session(**fields(found)) if found else None

    async def saw(self, session_id: str, at: datetime) -> None:
        await self._sessions.update_one({"_id": session_id}, {"$max": {"seen_at": at}})

    async def end_session(self, session_id: str, change: Change) -> bool:
        async def work(session: Transaction) -> None:
            done = await self._sessions.delete_one({"_id": session_id}, session=session)
            if not done.deleted_count:
                raise NotDone

        return await self._audit.write(change, work)

    async def attempts(self, name_hash: str) -> Attempts | None:
        found = await self._attempts.find_one({"_id": name_hash})
        return Attempts(found["tried"], found["last_at"]) if found else None

    async def note_attempt(self, name_hash: str, before: Attempts | None, now: Attempts) -> bool:
        if before is None:
            try:
                await self._attempts.insert_one({"_id": name_hash, **now._asdict()})
            except DuplicateKeyError:
                return False
            return True
        as_read = {"_id": name_hash, **before._asdict()}
        return bool(
            (await self._attempts.update_one(as_read, {"$set": now._asdict()})).matched_count
        )

    async def forget_attempts(self, name_hash: str) -> None:
        below = {"$gte": f"{name_hash}/", "$lt": f"{name_hash}0"}  # `0` is what follows `/`
        await self._attempts.delete_many({"$or": [{"_id": name_hash}, {"_id": below}]})

    async def forgive_attempt(self, name_hash: str) -> None:
        await self._attempts.update_one({"_id": name_hash}, {"$inc": {"tried": -1}})


def _user(document: Document | None) -> User | None:
    if document is None:
        return None
    found = fields(document)
    found["role"] = Role(found["role"])
    return User(**found)
