"""Contacts and consents in memory; they pass the suite of the store in MongoDB."""

from collections.abc import Collection, Sequence
from dataclasses import replace

from services.notify.contacts.contacts import (
    CitizenStatement,
    applied,
    by_citizen,
    concerned,
    marked,
    persons,
)
from services.notify.contacts.records import CitizenRecord, StatementVoid, erase, with_voids
from services.platform.clock import Clock, utc_now
from services.platform.unavailable import Unavailable


class ContactsTwin:
    """Records in a dictionary; `down` makes it as one without a database."""

    def __init__(self, clock: Clock = utc_now) -> None:
        self.records: dict[str, CitizenRecord] = {}
        self.voids: dict[str, StatementVoid] = {}
        self.down = False
        self._clock = clock

    async def record(self, said: Sequence[CitizenStatement]) -> None:
        self._reach()
        for citizen_id, concerning in by_citizen(marked(said, self.voids)).items():
            self._keep(applied(self._record(citizen_id), concerning, self._clock()))

    async def void(self, voids: Sequence[StatementVoid]) -> set[str]:
        self._reach()
        self.voids |= {void.event_id: void for void in voids}
        ids = self.voids.keys() & {void.event_id for void in voids}
        subjects = {void.subject for void in voids}
        found = [
            record
            for record in self.records.values()
            if record.citizen_id in subjects or any(s.event_id in ids for s in record.said)
        ]
        for record in found:
            self._keep(with_voids(record, voids, self._clock()))
        return concerned(found, voids)

    async def erase(self, citizen_ids: Collection[str]) -> None:
        self._reach()
        for citizen_id in citizen_ids:
            self._keep(erase(self._record(citizen_id), self._clock()))

    async def persons(self, citizen_ids: Collection[str]) -> dict[str, tuple[CitizenRecord, ...]]:
        return await persons(citizen_ids, self._read)

    async def versions(self, citizen_ids: Collection[str]) -> dict[str, int]:
        return {id_: record.version for id_, record in (await self._read(citizen_ids)).items()}

    async def agreed(self, purpose: str, after: str, limit: int) -> list[str]:
        self._reach()
        found = [id_ for id_, r in self.records.items() if _agrees(r, purpose) and id_ > after]
        return sorted(found)[:limit]

    async def _read(self, citizen_ids: Collection[str]) -> dict[str, CitizenRecord]:
        self._reach()
        return {id_: self.records[id_] for id_ in citizen_ids if id_ in self.records}

    def _keep(self, record: CitizenRecord) -> None:
        if record != self.records.get(record.citizen_id):
            changed = replace(record, version=record.version + 1)
            self.records[record.citizen_id] = changed

    def _record(self, citizen_id: str) -> CitizenRecord:
        return self.records.get(citizen_id, CitizenRecord(citizen_id))

    def _reach(self) -> None:
        if self.down:
            raise Unavailable


def _agrees(record: CitizenRecord, purpose: str) -> bool:
    return bool(record.consents and purpose in record.consents and record.consents[purpose].given)
