"""Contacts and consents in memory; they pass the suite of the store in MongoDB."""

from collections.abc import Collection, Sequence
from dataclasses import replace

from services.messaging.entry import Unavailable
from services.notify.contacts import Record, Shared, Word, persons


class ContactsTwin:
    """Records in a dictionary; `down` makes it as one without a database."""

    def __init__(self) -> None:
        self.records: dict[str, Record] = {}
        self.down = False

    async def share(self, contacts: Sequence[Shared]) -> None:
        for citizen_id, body, order in contacts:
            record = self._record(citizen_id)
            if not record.erased and order > record.contact_order:
                record = replace(record, contact=body, contact_order=order)
            self.records[citizen_id] = record

    async def consent(self, words: Sequence[Word]) -> None:
        for citizen_id, purpose, consent in words:
            record = self._record(citizen_id)
            consents = dict(record.consents or {})
            if purpose not in consents or consent.order > consents[purpose].order:
                consents[purpose] = consent
            self.records[citizen_id] = replace(record, consents=consents)

    async def erase(self, citizen_ids: Collection[str]) -> None:
        for citizen_id in citizen_ids:
            record = self._record(citizen_id)
            self.records[citizen_id] = replace(record, erased=True, contact=None)

    async def merge(self, merged_id: str, citizen_id: str, order: str) -> None:
        merged = self._record(merged_id)
        if order > merged.merged_order:
            merged = replace(merged, merged_into=citizen_id, merged_order=order)
        self.records[merged_id] = merged
        stays = self._record(citizen_id)
        absorbed = tuple(sorted({*stays.absorbed, merged_id}))
        self.records[citizen_id] = replace(stays, absorbed=absorbed)

    async def persons(self, citizen_ids: Collection[str]) -> dict[str, tuple[Record, ...]]:
        return await persons(citizen_ids, self._read)

    async def agreed(self, purpose: str, after: str, limit: int) -> list[str]:
        self._reach()
        found = [id_ for id_, r in self.records.items() if _agrees(r, purpose) and id_ > after]
        return sorted(found)[:limit]

    async def _read(self, citizen_ids: Collection[str]) -> dict[str, Record]:
        self._reach()
        return {id_: self.records[id_] for id_ in citizen_ids if id_ in self.records}

    def _record(self, citizen_id: str) -> Record:
        self._reach()
        return self.records.get(citizen_id, Record(citizen_id))

    def _reach(self) -> None:
        if self.down:
            raise Unavailable


def _agrees(record: Record, purpose: str) -> bool:
    return bool(record.consents and purpose in record.consents and record.consents[purpose].given)
