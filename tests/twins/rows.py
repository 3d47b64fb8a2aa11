"""Rows of decided subjects in memory, and the store that folds them."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from pydantic import TypeAdapter

from services.events.envelope import Event
from services.messaging.entry import Appended, Entry
from services.messaging.event_log import EventLog
from services.registration.intake.rows import Row, last_day
from services.registration.intake.subject import Subject, decide

_STATE = TypeAdapter[Any](Any)


class RowsTwin:
    """Every row by (kind, id)."""

    def __init__(self) -> None:
        self.rows: dict[tuple[str, str], Row] = {}

    async def get(self, kind: str, id_: str) -> Row | None:
        return self.rows.get((kind, id_))

    async def list(
        self, kind: str, ward: str | None = None, after: str = "", limit: int = 100
    ) -> Sequence[Row]:
        found = sorted(
            (r for r in self.rows.values() if r.kind == kind and r.id > after), key=lambda r: r.id
        )
        return [r for r in found if ward in (None, r.ward)][:limit]

    async def ends(self, named: Sequence[tuple[str, str]]) -> Mapping[tuple[str, str], date | None]:
        return {name: last_day(self.rows[name].state) for name in named if name in self.rows}


class StoreTwin:
    """One writer at a time, so that no transaction is needed."""

    def __init__(self, log: EventLog, rows: RowsTwin) -> None:
        self._log = log
        self._rows = rows

    async def record(self, subject: Subject[Any], entry: Entry) -> Appended:
        if known := await self._log.find(entry.event.id):
            same = known.payload_hash == entry.payload_hash
            return Appended.DUPLICATE if same else Appended.CONFLICT
        await self._fold(subject, entry.event)
        return await self._log.append(entry)

    async def release(self, subject: Subject[Any], void: Event) -> None:
        await self._fold(subject, void)
        await self._log.publish(void, decided=True)

    async def dry_run(self, subject: Subject[Any], event: Event) -> None:
        decide(subject, await self._log.history(event.subject), event)

    async def _fold(self, subject: Subject[Any], event: Event) -> None:
        state = decide(subject, await self._log.history(event.subject), event)
        key = (subject.kind, event.subject)
        if state is None:
            self._rows.rows.pop(key, None)
            return
        self._rows.rows[key] = Row(*key, event.ward, _STATE.dump_python(state, mode="json"))
