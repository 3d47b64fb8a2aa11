"""The ledger as operators read it, in MongoDB."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from services.notify.http.cursors import Place
from services.notify.ledger.controls import CONTROLS, Control, ControlKind, control_key
from services.notify.ledger.records import (
    RECEIVED,
    REPLIES,
    SEALED_TEXTS,
    SPENT,
    UNKNOWN_WORDS,
    Received,
    Reply,
    SealedText,
    Spent,
)
from services.notify.notification.notification import Answer
from services.platform.mongo import Database, Document, or_unavailable
from services.platform.vietnam.wards import CITY


@dataclass(frozen=True, slots=True)
class AskedReplies:
    """Which replies; the newest come first."""

    wards: frozenset[str] | None = None
    answers: tuple[Answer, ...] = ()
    before: datetime | None = None
    behind: Place | None = None
    """The last one of the page before: its instant and its id."""
    limit: int = 50


class MongoOperations:
    """Raises: Unavailable."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def ensure_indexes(self) -> None:
        """Run again it changes nothing."""
        newest_first = [("at", -1), ("_id", -1)]
        await self._database[REPLIES.name].create_index(newest_first, name="newest_by_id")

    async def controls(self) -> dict[str, Control]:
        """By key."""
        found = await self._read(CONTROLS.name, {})
        return {d["_id"]: CONTROLS.from_document(d) for d in found}

    async def pause(self, control: Control) -> None:
        """From the next round on; what somebody stopped already stays as it is."""
        document = CONTROLS.to_document(control.key, control)
        asked = {"_id": control.key}
        with or_unavailable():
            await self._database[CONTROLS.name].update_one(
                asked, {"$setOnInsert": document}, upsert=True
            )

    async def resume(self, kind: ControlKind, name: str) -> bool:
        """Whether it was paused; what was stopped for good does not go on."""
        asked = {"_id": control_key(kind, name), "for_good": False}
        with or_unavailable():
            done = await self._database[CONTROLS.name].delete_one(asked)
        return bool(done.deleted_count)

    async def receipts(self, keys: Collection[str]) -> list[Received]:
        """Under the provider's id for an SMS, or ours."""
        found = await self._read(RECEIVED.name, {"_id": {"$in": list(keys)}})
        return [RECEIVED.from_document(d) for d in found]

    async def unread(self) -> dict[str, dict[str, int]]:
        """By provider: words of its receipts that nobody here knows, and how often each came."""
        found = dict[str, dict[str, int]]()
        for document in await self._read(UNKNOWN_WORDS.name, {}):
            met = UNKNOWN_WORDS.from_document(document)
            found.setdefault(met.provider, {})[met.word] = met.count
        return found

    async def spent(self, wards: Collection[str], day: date) -> dict[str, Spent]:
        """By ward."""
        keys = {f"{ward}/{day}": ward for ward in wards}
        found = await self._read(SPENT.name, {"_id": {"$in": list(keys)}})
        return {keys[d["_id"]]: SPENT.from_document(d) for d in found}

    async def replies(self, asked: AskedReplies) -> list[tuple[str, Reply, SealedText | None]]:
        """With their sealed words, where there are any."""
        cursor = self._database[REPLIES.name].find(_asked(asked))
        newest_first = cursor.sort([("at", -1), ("_id", -1)]).limit(asked.limit)
        with or_unavailable():
            found = await newest_first.to_list(None)
        ids = [document["_id"] for document in found]
        words = await self._read(SEALED_TEXTS.name, {"_id": {"$in": ids}})
        by_id = {document["_id"]: SEALED_TEXTS.from_document(document) for document in words}
        return [(d["_id"], REPLIES.from_document(d), by_id.get(d["_id"])) for d in found]

    async def ward_of_reply(self, reply_id: str) -> str | None:
        """The city's where nobody knows whose it is; None where there is no such reply."""
        found = await self._read(REPLIES.name, {"_id": reply_id})
        return next((REPLIES.from_document(d).ward or CITY for d in found), None)

    async def _read(self, name: str, asked: Document) -> list[Document]:
        with or_unavailable():
            found: list[Document] = await self._database[name].find(asked).to_list(None)
        return found


def _asked(asked: AskedReplies) -> Document:
    found: Document = {}
    if asked.wards is not None:
        found["ward"] = {"$in": sorted(asked.wards)}
    if asked.answers:
        found["answer"] = {"$in": [answer.value for answer in asked.answers]}
    if asked.before:
        found["at"] = {"$lt": asked.before}
    if asked.behind:
        at, id_ = asked.behind
        found["$or"] = [{"at": {"$lt": at}}, {"at": at, "_id": {"$lt": id_}}]
    return found
