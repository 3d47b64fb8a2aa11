"""Decided events: history read, judged, row folded and event appended in one transaction."""

from collections.abc import Callable, Coroutine, Sequence
from functools import partial
from typing import Any, Protocol, TypeVar

from pydantic import TypeAdapter
from pymongo import DeleteOne, UpdateOne

from services.events.envelope import Event
from services.messaging.entry import Appended, Entry, Unavailable
from services.messaging.event_log import EventLog
from services.messaging.group_commit import GroupCommit
from services.platform.mongo import Client, Collection, PyMongoError, Session, transact
from services.registration.intake.folding import Decision, FoldedRow, Folding
from services.registration.intake.subject import Subject

T = TypeVar("T")
MAX_GROUP = 100
_STATE = TypeAdapter[Any](Any)


class Store(Protocol):
    """Where decided events are recorded."""

    async def record(self, subject: Subject[Any], entry: Entry) -> Appended:
        """Judges with the history of the event's subject, saves its row and appends.

        Raises: Refusal by the subject's rules; anything else may be tried again.
        """

    async def release(self, subject: Subject[Any], void: Event) -> None:
        """The same for a void that was held until its target came."""

    async def dry_run(self, subject: Subject[Any], event: Event) -> None:
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

    async def record(self, subject: Subject[Any], entry: Entry) -> Appended:
        return await self._group.add(Decision(subject, entry))

    async def release(self, subject: Subject[Any], void: Event) -> None:
        async def publish(session: Session) -> bool:
            folding = Folding(await self._log.histories([void.subject], session))
            folding.add(subject, void)
            await self._save(folding, session)
            return await self._log.publish(void, session, decided=True)

        await self._transact(publish)

    async def dry_run(self, subject: Subject[Any], event: Event) -> None:
        Folding(await self._log.histories([event.subject])).add(subject, event)

    async def close(self) -> None:
        """Waits for what is under way."""
        await self._group.close()

    async def _write(self, group: Sequence[Decision]) -> Sequence[Appended | Exception]:
        return await self._transact(partial(self._decide, group))

    async def _decide(
        self, group: Sequence[Decision], session: Session
    ) -> Sequence[Appended | Exception]:
        entries = [decision.entry for decision in group]
        logged = await self._log.hashes([entry.event.id for entry in entries], session)
        subjects = {entry.event.subject for entry in entries}
        folding = Folding(await self._log.histories(subjects, session), logged)
        answers = [folding.judge(decision) for decision in group]
        fresh = [e for e, a in zip(entries, answers, strict=True) if a is Appended.ACCEPTED]
        if fresh:
            await self._save(folding, session)
            await self._log.insert_in(session, fresh)
        return answers

    async def _transact(self, work: Callable[[Session], Coroutine[Any, Any, T]]) -> T:
        try:
            done = await transact(self._client, work)
        except PyMongoError as error:
            raise Unavailable(type(error).__name__) from error
        self._log.announce()
        return done

    async def _save(self, folding: Folding, session: Session) -> None:
        await self._subjects.bulk_write(
            [_saving(row) for row in folding.rows.values()], session=session
        )


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
