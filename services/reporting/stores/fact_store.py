"""Owns the facts: one small document an event, with what was known of its void."""

from collections import defaultdict
from collections.abc import AsyncIterator, Callable, Collection, Iterable, Mapping, Sequence
from datetime import date
from functools import lru_cache
from hashlib import blake2b
from typing import NamedTuple

from pymongo import ASCENDING, IndexModel, ReplaceOne, UpdateOne

from services.events.answers import AssistanceDisputed
from services.events.citizens import CitizenMerged
from services.events.envelope import CITY_TIME, Event
from services.events.registry import REGISTRY, encode, type_name
from services.platform.mongo import Database, Document, Session
from services.platform.vietnam.wards import ward_at
from services.reporting.counting.keys import Key
from services.reporting.definitions.filters import FILTERS, filters_of
from services.reporting.definitions.measure import Fact
from services.reporting.stores.cell_documents import day_of
from services.reporting.stores.fact_query import FactQuery, Position, TimePosition
from services.reporting.stores.fact_query_store import asked, oldest
from services.reporting.stores.member_store import Merge

UNKNOWN = "unknown"
"""Stands for the first day of a ward that the directory does not know."""
_MERGED = type_name(CitizenMerged)
_DISPUTED = type_name(AssistanceDisputed)
_PLACE = [("ward", ASCENDING), ("day", ASCENDING), ("_id", ASCENDING)]
_TIME = [("at", ASCENDING), ("_id", ASCENDING)]
INDEXES = [
    IndexModel(_PLACE),
    IndexModel([("keys", ASCENDING)], sparse=True),
    IndexModel([("type", ASCENDING)], partialFilterExpression={"type": _MERGED}, name="merges"),
    IndexModel(_TIME, partialFilterExpression={"type": _DISPUTED}, name="disputes"),
]
_SEARCHED = ("keys", *(narrowing.stored for narrowing in FILTERS.values()))
_BATCH = 1_000
KeysOf = Callable[[Fact], Collection[Key]]


class KnownFact(NamedTuple):
    """What is known under an event's id: a void may come before its target."""

    fact: Fact | None = None
    voided: date | None = None


class Known(NamedTuple):
    """What is known under ids, and the histories of keys; empty ones are left out."""

    facts: Mapping[str, KnownFact]
    histories: Mapping[Key, Sequence[Fact]]


class Writing(NamedTuple):
    """A fact with the histories it belongs to; `known`: something stands under its id already."""

    fact: Fact
    keys: Collection[Key]
    known: bool


def fact_of(event: Event, voided: date | None = None) -> Fact:
    """The fact that an event becomes; nothing is lost for an unknown ward."""
    day = event.day
    recorded = event.recordedtime or event.time
    known = recorded.astimezone(CITY_TIME).date()
    return Fact(event, ward_key(event.ward, day), day, known, voided)


@lru_cache(maxsize=50_000)
def ward_key(code: str, day: date) -> str:
    """Code and first day of the unit that had this code on that day."""
    ward = ward_at(code, day)
    return ward.key if ward else f"{code}@{UNKNOWN}"


class Facts:
    """Reads and writes facts; writes are part of the projection's transaction."""

    def __init__(self, database: Database) -> None:
        self._facts = database["facts"]
        self._lives = database["lives"]

    async def prepare(self) -> None:
        """Make the indexes; repeatable."""
        await self._facts.create_indexes(INDEXES)
        nothing: Document = {"$setOnInsert": {"n": 0}}  # two transactions cannot make a collection
        await self._lives.update_one({"_id": 0}, nothing, upsert=True)

    async def find(
        self, ids: Collection[str], keys: Collection[Key], session: Session | None
    ) -> Known:
        """What is known under these ids, and in these histories."""
        names = {_key(key): key for key in keys}
        by_id: Document = {"_id": {"$in": list(ids)}}
        query = {"$or": [by_id, {"keys": {"$in": list(names)}}]} if names else by_id
        kept: dict[str, KnownFact] = {}
        histories = defaultdict[Key, list[Fact]](list)
        async for document in self._facts.find(query, session=session, batch_size=_BATCH):
            kept[document["_id"]] = found = _known_fact(document)
            for name in names.keys() & document.get("keys", ()):
                if found.fact:
                    histories[names[name]].append(found.fact)
        return Known(kept, histories)

    async def claim(self, keys: Collection[Key], session: Session | None) -> None:
        """Of two transactions that judge one life only one is kept, and the other begins again.

        Each reads all its facts and adds its own; both would be kept, and neither saw the other.
        """
        names = sorted({_key(key) for key in keys if key.life})
        if names:
            await self._lives.bulk_write(
                [UpdateOne({"_id": name}, {"$inc": {"n": 1}}, upsert=True) for name in names],
                ordered=False,
                session=session,
            )

    async def write(
        self,
        written: Iterable[Writing],
        early_voids: Mapping[str, date],
        session: Session | None,
    ) -> None:
        """Keep facts as they are now, and voids whose targets are still to come."""
        fresh: list[Document] = []
        updates: list[ReplaceOne[Document] | UpdateOne] = []
        for fact, keys, known in written:
            document = _document(fact, keys)
            if known:
                updates.append(ReplaceOne({"_id": fact.id}, document))
            else:
                fresh.append(document)
        for target, day in early_voids.items():
            updates.append(UpdateOne({"_id": target}, {"$set": {"voided": str(day)}}, upsert=True))
        if fresh:
            await self._facts.insert_many(fresh, ordered=False, session=session)
        if updates:
            await self._facts.bulk_write(updates, ordered=False, session=session)

    async def of_ward(
        self,
        ward: str,
        session: Session | None,
        types: Collection[type[Event]] | None = None,
    ) -> AsyncIterator[Fact]:
        """All facts of a ward, or those of some types, in no order."""
        query: Document = {"ward": ward}
        if types is not None:
            query["type"] = {"$in": [type_name(event_class) for event_class in types]}
        async for document in self._facts.find(query, session=session, batch_size=_BATCH):
            if "body" in document:
                yield _fact(document)

    async def index_anew(self, after: str, keys: KeysOf) -> str | None:
        """Make some facts after an id findable as this version searches them; the last one's id,
        None at the end."""
        query: Document = {"_id": {"$gt": after}, "body": {"$exists": True}}
        changed: list[UpdateOne] = []
        last: str | None = None
        async for document in self._facts.find(query).sort("_id").limit(_BATCH):
            last, fact = document["_id"], _fact(document)
            wanted = _found_by(fact, keys(fact))
            stale = {name: "" for name in _SEARCHED if name in document and name not in wanted}
            if stale or any(document.get(name) != value for name, value in wanted.items()):
                change = {"$set": wanted, "$unset": stale}
                changed.append(
                    UpdateOne({"_id": last}, {how: what for how, what in change.items() if what})
                )
        if changed:
            await self._facts.bulk_write(changed, ordered=False)
        return last

    async def wards(self) -> set[str]:
        """The wards that have facts."""
        return {ward for ward in await self._facts.distinct("ward") if ward}

    async def merges(self) -> list[Merge]:
        """The mergers of citizens that were recorded, with their voids."""
        found = self._facts.find({"type": _MERGED}).sort(_TIME)
        return [merge_of(_fact(document)) async for document in found]

    async def page(self, query: FactQuery, after: Position | None, limit: int) -> list[Fact]:
        """Standing facts after a place, ordered by place."""
        found = self._facts.find(asked(query, after), batch_size=limit).sort(_PLACE).limit(limit)
        return [_fact(document) async for document in found]

    async def disputes(
        self, wards: Collection[str] | None, after: TimePosition | None, limit: int
    ) -> list[Fact]:
        """Standing disputes after a moment, oldest first, in wards (keys; None: all)."""
        query = oldest(_DISPUTED, wards, after)
        found = self._facts.find(query, batch_size=limit).sort(_TIME).limit(limit)
        return [_fact(document) async for document in found]


def merge_of(fact: Fact) -> Merge:
    """The merger that a fact of type citizen.merged tells of."""
    merger = fact.event.data
    return Merge(merger.citizen_id, merger.merged_id, fact.recorded, fact.voided)  # type: ignore[attr-defined]


def _document(fact: Fact, keys: Collection[Key]) -> Document:
    event = fact.event
    document: Document = {
        "_id": event.id,
        "type": event.type,
        "ward": fact.ward,
        "day": str(fact.day),
        "at": event.time,
        "recorded": str(fact.recorded),
        "source": event.source,
        "body": encode(event),
        **_found_by(fact, keys),
    }
    if fact.voided:
        document["voided"] = str(fact.voided)
    return document


def _found_by(fact: Fact, keys: Collection[Key]) -> Document:
    """The fields by which it is searched, the empty ones left out."""
    found: Document = dict(filters_of(fact.event))
    return {**found, "keys": sorted(map(_key, keys))} if keys else found


def _known_fact(document: Document) -> KnownFact:
    voided = document.get("voided")
    day = day_of(voided) if voided else None
    return KnownFact(_fact(document), day) if "body" in document else KnownFact(None, day)


def _fact(document: Document) -> Fact:
    voided = document.get("voided")
    return Fact(
        REGISTRY.parse_stored(document["type"], document["body"]),
        document["ward"],
        day_of(document["day"]),
        day_of(document["recorded"]),
        day_of(voided) if voided else None,
    )


def _key(key: Key) -> int:
    """Eight bytes of a hash in place of 70 characters: the index is what costs (tried: a third
    more events/s). Should two ever be equal, `together` tells their facts apart."""
    where = key.life.name if key.life else key.ward
    digest = blake2b(f"{where}|{key.name}".encode(), digest_size=8).digest()
    return int.from_bytes(digest, "big", signed=True)
