"""Rows of decided subjects in memory, and the store that folds them."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from pydantic import TypeAdapter

from services.events.envelope import Event
from services.messaging.entry import Appended, Entry
from services.messaging.event_log import EventLog
from services.registration.intake.folding import Decision, Folding
from services.registration.intake.rows import Row, last_day
from services.registration.intake.subject import Refusal, Subject

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
        event = entry.event
        logged = await self._log.hashes([event.id])
        folding = Folding(await self._log.histories([event.subject]), logged)
        answer = folding.judge(Decision(subject, entry))
        if isinstance(answer, Refusal):
            raise answer
        self._keep(folding)
        return await self._log.append(entry)

    async def release(self, subject: Subject[Any], void: Event) -> None:
        folding = Folding(await self._log.histories([void.subject]))
        folding.add(subject, void)
        self._keep(folding)
        await self._log.publish(void, decided=True)

    async def dry_run(self, subject: Subject[Any], event: Event) -> None:
        Folding(await self._log.histories([event.subject])).add(subject, event)

    def _keep(self, folding: Folding) -> None:
        for row in folding.rows.values():
            key = (row.kind, row.event.subject)
            if row.state is None:
                self._rows.rows.pop(key, None)
            else:
                state = _STATE.dump_python(row.state, mode="json")
                self._rows.rows[key] = Row(*key, row.event.ward, state)
