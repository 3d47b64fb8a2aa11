"""Owns how far each partition has come: one document a partition."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from pymongo import ReturnDocument, UpdateOne

from services.messaging.log.completeness import Statement, Tally
from services.platform.mongo import Database, Document, Session
from services.reporting.stores.standing import NOTHING, Gap, OfLog, Standing, after


class Moved(Exception):
    """Another transaction of the partition came in between."""


class NotCounted(Exception):
    """The partition's tallies are not those of its facts: an older version wrote meanwhile."""


class OtherDivision(Exception):
    """A process that divides the wards into another number of partitions has begun."""


@dataclass(frozen=True, slots=True)
class State:
    """Where a partition stands."""

    standing: Standing
    revision: int
    aside: bool = False
    """Whether anything of it is buried or left out."""


class Progress:
    """Every transaction of a partition writes the partition's document.

    So two workers of one partition, as there may be for a moment after a failure, conflict.
    """

    def __init__(self, database: Database, partitions: int) -> None:
        self.partitions = partitions
        self._progress = database["progress"]

    async def prepare(self) -> None:
        """Make the documents, for a transaction cannot make a collection beside another one."""
        for partition in range(self.partitions):
            await self.revision(partition)

    async def read(
        self, partitions: Collection[int], session: Session | None = None
    ) -> Mapping[int, State]:
        """Where these stand. Raises: NotCounted, OtherDivision."""
        found = self._progress.find({"_id": {"$in": list(partitions)}}, session=session)
        return {document["_id"]: self._state(document) async for document in found}

    async def move(self, moves: Mapping[int, State], session: Session | None) -> None:
        """Where they stand with this transaction."""
        await self._progress.bulk_write(
            [
                UpdateOne({"_id": n}, {**_moved(), **_change(state.standing, state.aside)})
                for n, state in sorted(moves.items())
            ],
            session=session,
        )

    async def claim(self, partition: int, revision: int, session: Session | None) -> None:
        """The session's transaction is the only one of the partition since `revision`.

        Raises: Moved when another one came.
        """
        seen = {"_id": partition, "revision": revision}
        result = await self._progress.update_one(seen, _moved(), session=session)
        if not result.matched_count:
            raise Moved

    async def let_through(self) -> None:
        """Returns when every transaction that began before is kept or has to begin again."""
        for partition in range(self.partitions):
            await self._progress.update_one({"_id": partition}, _moved())

    async def heard(self, partition: int, statements: Sequence[Statement], now: datetime) -> None:
        """Judge statements where nothing is to be projected.

        What a transaction that came between would have to be judged with is said again in a second.
        Raises: NotCounted, OtherDivision.
        """
        state = (await self.read([partition]))[partition]
        standing = after(state.standing, statements, (), self.partitions, now)
        seen = {"_id": partition, "revision": state.revision}
        await self._progress.update_one(seen, _change(standing, state.aside))

    async def set_aside(self, partition: int, session: Session | None) -> None:
        """From now on the partition's transactions look for what was set aside."""
        change = {**_moved(), "$set": {"aside": True}}
        await self._progress.update_one({"_id": partition}, change, session=session)

    async def revision(self, partition: int) -> int:
        """Changes with every transaction of the partition."""
        found = await self._progress.find_one_and_update(
            {"_id": partition},
            {"$inc": {"revision": 0}},
            upsert=True,
            return_document=ReturnDocument.AFTER,
        )
        return int(found["revision"])

    async def revisions(self) -> dict[int, int]:
        """Of every partition: while these are equal, so are all figures."""
        found = self._progress.find({}, {"revision": 1}).sort("_id")
        return {document["_id"]: int(document.get("revision", 0)) async for document in found}

    async def uncounted(self) -> Mapping[int, bool]:
        """The partitions whose tallies are to be made anew; True: they were of another division."""
        found = {document["_id"]: document async for document in self._progress.find()}
        states = {n: found.get(n, {}) for n in range(self.partitions)}
        return {
            n: document.get("partitions") != self.partitions
            for n, document in states.items()
            if document.get("partitions") != self.partitions or not _is_counted(document)
        }

    async def count(
        self, partition: int, tallies: Mapping[str, Tally], session: Session | None
    ) -> None:
        """The tallies are these, in the transaction that has claimed the partition.

        What was proven stays proven, unless for another division.
        """
        document = await self._progress.find_one({"_id": partition}, session=session) or {}
        same = document.get("partitions") == self.partitions
        standing = _standing(document) if same else NOTHING
        counted = {
            log: OfLog(tallies.get(log, Tally()), of_log.true_until, of_log.gap, of_log.heard_at)
            for log, of_log in standing.items()
        }
        fields = {"partitions": self.partitions, "counted": document["revision"], "aside": True}
        await self._progress.update_one(
            {"_id": partition},
            {"$set": {**fields, "logs": _logs(counted)}, "$unset": {"pending": ""}},
            session=session,
        )

    async def count_again(self, partition: int) -> None:
        """The partition's worker makes its tallies anew before its next batch."""
        await self._progress.update_one({"_id": partition}, {"$set": {"counted": -1}})

    async def all(self) -> dict[int, State]:
        """Where each partition stands, those of this division alone."""
        found = self._progress.find({"partitions": self.partitions}).sort("_id")
        return {
            document["_id"]: _read(document)
            async for document in found
            if document["_id"] < self.partitions
        }

    def _state(self, document: Document) -> State:
        if document.get("partitions", self.partitions) != self.partitions:
            raise OtherDivision
        if "partitions" not in document or not _is_counted(document):
            raise NotCounted
        return _read(document)


def _is_counted(document: Document) -> bool:
    return bool(document.get("counted") == document.get("revision"))


def _moved() -> Document:
    """An older version counts its transactions too, and does not say that it counted the events."""
    return {"$inc": {"revision": 1, "counted": 1}}


def _change(standing: Standing, aside: bool) -> Document:
    fields: Document = {"aside": aside}
    proven: Document = {}
    for log, stored in _logs(standing).items():
        until = stored.pop("true_until", None)
        fields |= {f"logs.{log}.{name}": value for name, value in stored.items()}
        if until:
            proven[f"logs.{log}.true_until"] = until
    return {"$set": fields, **({"$max": proven} if proven else {})}


def _logs(standing: Standing) -> Document:
    return {
        log: {
            "count": of_log.tally.count,
            "digest": of_log.tally.digest,
            "heard_at": of_log.heard_at,
            "gap": {"lacks": of_log.gap.lacks, "since": of_log.gap.since} if of_log.gap else None,
            **({"true_until": of_log.true_until} if of_log.true_until else {}),
        }
        for log, of_log in standing.items()
    }


def _read(document: Document) -> State:
    aside = bool(document.get("aside"))
    return State(_standing(document), int(document["revision"]), aside)


def _standing(document: Document) -> Standing:
    logs = document.get("logs", {})
    return {log: _of_log(logs[log]) if log in logs else OfLog() for log in NOTHING}


def _of_log(document: Document) -> OfLog:
    gap = document.get("gap")
    return OfLog(
        Tally(document["count"], document["digest"]),
        document.get("true_until"),
        Gap(gap["lacks"], gap["since"]) if gap else None,
        document.get("heard_at"),
    )
