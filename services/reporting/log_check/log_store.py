"""What is read of the logs and of the facts for their comparison: ids, and little beside."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from services.messaging.log.completeness import log_of_source
from services.messaging.log.stored import Stored, from_document
from services.messaging.topology import partition_of, partition_queue
from services.platform.mongo import Database, Document
from services.reporting.log_check.windows import Entry

_OF_LOG = {"ward": 1, "pending": 1, "held": 1, "owed": 1}
_OF_FACT = {"ward": 1, "source": 1}


@dataclass(frozen=True)
class Log:
    """One service's log, to be read only."""

    name: str
    database: Database
    partitions: int

    async def read(self, after: str, limit: int) -> Sequence[Entry]:
        """Its entries by id; what it has not sent, holds back or owes is not to be found here."""
        found = self.database["events"].find({"_id": {"$gt": after}}, _OF_LOG).sort("_id", 1)
        return [self._entry(document) for document in await found.limit(limit).to_list(limit)]

    async def has(self, event_ids: Collection[str]) -> set[str]:
        """Those of them that it holds."""
        return await known(self.database, "events", event_ids)

    async def entries(self, event_ids: Collection[str]) -> list[Stored]:
        """These, whole."""
        found = self.database["events"].find({"_id": {"$in": list(event_ids)}})
        return [from_document(document) async for document in found]

    def _entry(self, document: Document) -> Entry:
        ward = document["ward"]
        reader = partition_queue(partition_of(ward, self.partitions))
        waits = "pending" in document or "held" in document or reader in document.get("owed", ())
        return Entry(document["_id"], ward, self.name, counts=not waits)


@dataclass(frozen=True)
class ProjectedEvents:
    """Reporting's own database."""

    database: Database

    async def read(self, after: str, limit: int) -> Sequence[Entry]:
        """The facts by id; a void that waits for its target is none."""
        found = self.database["facts"].find({"_id": {"$gt": after}}, _OF_FACT).sort("_id", 1)
        return [_fact(document) for document in await found.limit(limit).to_list(limit)]

    async def has(self, event_ids: Collection[str]) -> set[str]:
        """Those of them that are facts, or left out for good."""
        facts = {"source": {"$exists": True}}
        return await known(self.database, "facts", event_ids, facts) | await known(
            self.database, "left_out", event_ids
        )

    async def set_aside(self, event_ids: Collection[str]) -> set[str]:
        """Those that wait among the dead letters."""
        return await known(self.database, "buried", event_ids)


async def known(
    database: Database, collection: str, event_ids: Collection[str], only: Document | None = None
) -> set[str]:
    """The ids that a collection has."""
    asked = {"_id": {"$in": list(event_ids)}, **(only or {})}
    return {document["_id"] async for document in database[collection].find(asked, {"_id": 1})}


def _fact(document: Document) -> Entry:
    source = document.get("source")
    log = log_of_source(source) if source else ""
    return Entry(document["_id"], document.get("ward", ""), log, counts=bool(source))
