"""Decided events: history read, judged, row folded and event appended in one transaction."""

from collections.abc import Callable, Coroutine
from typing import Any, Protocol, TypeVar

from pydantic import TypeAdapter

from services.events.envelope import Event
from services.messaging.entry import Appended, Entry
from services.messaging.event_log import EventLog
from services.platform.mongo import Client, Collection, Session, transact
from services.registration.intake.rows import row_id
from services.registration.intake.subject import Subject, decide

T = TypeVar("T")
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
    """Two writers of one subject conflict on its row; the later one judges again."""

    def __init__(self, client: Client, subjects: Collection, log: EventLog) -> None:
        self._client = client
        self._subjects = subjects
        self._log = log

    async def record(self, subject: Subject[Any], entry: Entry) -> Appended:
        async def append(session: Session) -> Appended:
            if known := await self._log.find(entry.event.id, session):
                same = known.payload_hash == entry.payload_hash
                return Appended.DUPLICATE if same else Appended.CONFLICT
            await self._fold(subject, entry.event, session)
            return await self._log.append_in(session, entry)

        return await self._transact(append)

    async def release(self, subject: Subject[Any], void: Event) -> None:
        async def publish(session: Session) -> bool:
            await self._fold(subject, void, session)
            return await self._log.publish(void, session, decided=True)

        await self._transact(publish)

    async def dry_run(self, subject: Subject[Any], event: Event) -> None:
        decide(subject, await self._log.history(event.subject), event)

    async def _transact(self, work: Callable[[Session], Coroutine[Any, Any, T]]) -> T:
        done = await transact(self._client, work)
        self._log.announce()
        return done

    async def _fold(self, subject: Subject[Any], event: Event, session: Session) -> None:
        state = decide(subject, await self._log.history(event.subject, session), event)
        key = {"_id": row_id(subject.kind, event.subject)}
        if state is None:
            await self._subjects.delete_one(key, session=session)
            return
        row = {
            "kind": subject.kind,
            "id": event.subject,
            "ward": event.ward,
            "state": _STATE.dump_python(state, mode="json"),
        }
        await self._subjects.update_one(
            key, {"$set": row, "$inc": {"version": 1}}, upsert=True, session=session
        )
