"""What is decided: history read, judged, row folded and events appended in one transaction."""

from collections.abc import Callable, Coroutine, Sequence
from functools import partial
from typing import Any, Protocol, TypeVar

from pydantic import TypeAdapter
from pymongo import DeleteOne, UpdateOne

from services.messaging.log.entry import Appended
from services.messaging.log.event_log import EventLog
from services.platform.group_commit import GroupCommit
from services.platform.mongo import Client, Collection, PyMongoError, Session, transact
from services.platform.unavailable import Unavailable
from services.registration.subjects.folding import Decision, FoldedRow, Folding

T = TypeVar("T")
MAX_GROUP = 100
_STATE = TypeAdapter[Any](Any)


class Store(Protocol):
    """Where decided events are recorded, and whatever is recorded together with a void."""

    async def record(self, decision: Decision) -> Appended:
        """Judges with the history of each event's subject, saves its row and appends.

        Raises: Refusal by the subject's rules; anything else may be tried again.
        """

    async def release(self, decision: Decision) -> None:
        """The same for an entry that was held until its target came."""

    async def dry_run(self, decision: Decision) -> None:
        """Raises: Refusal as `record` would; writes nothing."""


class MongoStore:
    """Those in flight share a transaction. Two writers of one subject conflict on its row; the
    later one judges again."""

    def __init__(self, client: Client, subjects: Collection, log: EventLog) -> None:
        self._client = client
        self._subjects = subjects
        self._log = log
        self._group = GroupCommit[Decision, Appended](
            self._write, max_group=MAX_GROUP, repeatable=True
        )

    async def record(self, decision: Decision) -> Appended:
        return await self._group.add(decision)

    async def release(self, decision: Decision) -> None:
        await self._transact(partial(self._release, decision))

    async def dry_run(self, decision: Decision) -> None:
        (await gather(self._log, [decision])).add(decision)

    async def close(self) -> None:
        """Waits for what is under way."""
        await self._group.close()

    async def _write(self, group: Sequence[Decision]) -> Sequence[Appended | Exception]:
        return await self._transact(partial(self._decide, group))

    async def _decide(
        self, group: Sequence[Decision], session: Session
    ) -> Sequence[Appended | Exception]:
        folding = await gather(self._log, group, session)
        answers = [folding.judge(decision) for decision in group]
        fresh = [d for d, a in zip(group, answers, strict=True) if a is Appended.ACCEPTED]
        if fresh:
            await self._save(folding, session)
            await self._log.insert_in(session, [e for d in fresh for e in d.entries])
        return answers

    async def _release(self, decision: Decision, session: Session) -> None:
        entry, void = decision.entry, decision.void
        folding = await gather(self._log, [decision], session)
        if not await self._log.publish(entry.event, session, decided=entry.decided):
            return  # another process came first
        folding.add(decision)
        await self._save(folding, session)
        if void:
            await self._log.insert_in(session, [void])

    async def _transact(self, work: Callable[[Session], Coroutine[Any, Any, T]]) -> T:
        try:
            done = await transact(self._client, work)
        except PyMongoError as error:
            raise Unavailable(type(error).__name__) from error
        self._log.announce()
        return done

    async def _save(self, folding: Folding, session: Session) -> None:
        if rows := folding.rows.values():
            await self._subjects.bulk_write([_saving(row) for row in rows], session=session)


async def gather(
    log: EventLog, group: Sequence[Decision], session: Session | None = None
) -> Folding:
    """All that the log knows of these."""
    logged = await log.hashes({e.event.id for d in group for e in d.entries}, session)
    subjects = {event.subject for decision in group for event in decision.folded}
    return Folding(await log.histories(subjects, session) if subjects else {}, logged)


def _saving(row: FoldedRow) -> UpdateOne | DeleteOne:
    if row.state is None:
        return DeleteOne({"_id": row.id})
    fields = {
        "kind": row.kind,
        "id": row.event.subject,
        "ward": row.event.ward,
        "state": _STATE.dump_python(row.state, mode="json"),
    }
    return UpdateOne({"_id": row.id}, {"$set": fields, "$inc": {"version": 1}}, upsert=True)
