"""Every change with its line in the audit, in one transaction."""

from collections.abc import Awaitable, Callable, Sequence
from typing import Any, Protocol

from pymongo import ASCENDING, IndexModel
from pymongo.errors import DuplicateKeyError

from services.platform.ids import new_event_id
from services.platform.mongo import Database, Document, Session, transact
from services.registration.access.records import Act, Change

ENDED = "ended_access"
"""A collection: whose access ended, until others were told."""
ENDS = frozenset(
    {
        Act.SESSION_ENDED,
        Act.PASSWORD_CHANGED,
        Act.PASSWORD_RESET,
        Act.USER_DISABLED,
        Act.DEVICE_REVOKED,
        Act.KEY_REVOKED,
    }
)
"""Acts after which a short token that was made before opens nothing."""
Write = Callable[[Session], Awaitable[Any]]


class NotDone(Exception):
    """What was to be changed is not there any more; nothing was written."""


class Trail(Protocol):
    """The audit, as far as others look at it."""

    async def note(self, change: Change) -> None:
        """A line by itself, such as for reading what is personal."""

    async def about(self, id_: str) -> Sequence[Change]:
        """What was done to one id, oldest first."""


class Audit:
    """Collection `audit`: ids and instants, no names."""

    def __init__(self, database: Database) -> None:
        self._client = database.client
        self._audit = database["audit"]
        self._ended = database[ENDED]

    async def ensure_indexes(self) -> None:
        """By what it is about."""
        await self._audit.create_indexes([IndexModel([("about", ASCENDING), ("at", ASCENDING)])])

    async def write(self, change: Change, work: Write) -> bool:
        """False, and nothing written, where `work` raises NotDone or finds its key taken."""
        line = _line(change)

        async def both(session: Session) -> None:
            await work(session)
            await self._audit.insert_one(line, session=session)
            if change.act in ENDS:
                ended = {"_id": line["_id"], "about": change.about, "at": change.at}
                await self._ended.insert_one(ended, session=session)

        try:
            await transact(self._client, both)
        except (NotDone, DuplicateKeyError):
            return False
        return True

    async def note(self, change: Change) -> None:
        await self._audit.insert_one(_line(change))

    async def about(self, id_: str) -> Sequence[Change]:
        found = self._audit.find({"about": id_}).sort([("at", ASCENDING), ("_id", ASCENDING)])
        return [Change(d["act"], d["by"], d["about"], d["at"]) async for d in found]


def _line(change: Change) -> Document:
    return {"_id": new_event_id(), **change._asdict()}
