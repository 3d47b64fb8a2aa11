"""Rows of decided subjects in memory, and the store that folds them."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Any

from pydantic import TypeAdapter

from services.messaging.log.entry import Appended
from services.messaging.log.event_log import EventLog
from services.registration.subjects.folding import Decision, Folding
from services.registration.subjects.problems import Refusal
from services.registration.subjects.rows import Row, RowName
from services.registration.subjects.store import gather
from services.registration.subjects.subject import Decided

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

    async def of_citizen(self, kind: str, citizen_id: str) -> Sequence[Row]:
        own = (r for r in self.rows.values() if r.state.get("citizen_id") == citizen_id)
        return sorted((r for r in own if r.kind == kind), key=lambda row: row.id)

    async def open(self, subject: Decided[Any], until: date) -> Sequence[Row]:
        found = (
            row
            for row in self.rows.values()
            if row.kind == subject.kind
            and row.state.get(subject.ends_on) is None
            and row.state["since"] <= until.isoformat()
        )
        return sorted(found, key=lambda row: (row.state["since"], row.id))

    async def find(self, named: Collection[RowName]) -> Mapping[RowName, Row]:
        return {name: self.rows[name] for name in named if name in self.rows}


class StoreTwin:
    """One writer at a time, so that no transaction is needed."""

    def __init__(self, log: EventLog, rows: RowsTwin) -> None:
        self._log = log
        self._rows = rows

    async def record(self, decision: Decision) -> Appended:
        folding = await gather(self._log, [decision])
        answer = folding.judge(decision)
        if isinstance(answer, Refusal):
            raise answer
        if answer is Appended.ACCEPTED:
            self._keep(folding)
            await self._log.append_all(decision.entries)
        return answer

    async def release(self, decision: Decision) -> None:
        entry = decision.entry
        known = await self._log.find(entry.event.id)
        if known and known.held:
            folding = await gather(self._log, [decision])
            folding.add(decision)
            self._keep(folding)
            await self._log.publish(entry.event, decided=entry.decided)
            await self._log.append_all([decision.void] if decision.void else [])

    async def dry_run(self, decision: Decision) -> None:
        (await gather(self._log, [decision])).add(decision)

    def _keep(self, folding: Folding) -> None:
        for row in folding.rows.values():
            key = (row.kind, row.event.subject)
            if row.state is None:
                self._rows.rows.pop(key, None)
            else:
                state = _STATE.dump_python(row.state, mode="json")
                self._rows.rows[key] = Row(*key, row.event.ward, state)
