"""Writes groups of entries, and judges those whose id the log has already."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import bson
import pymongo
from bson.raw_bson import RawBSONDocument
from pymongo.errors import BulkWriteError

from services.messaging import metrics
from services.messaging.log.entry import Appended, repeated
from services.messaging.log.stored import Stored, to_document
from services.platform.clock import Clock
from services.platform.mongo import Collection
from services.platform.unavailable import Unavailable

INTAKE_DEADLINE = timedelta(seconds=2)
"""Between an event's being recorded and its being handed to the log."""
QUEUE_DEADLINE = timedelta(seconds=3)
"""An entry that has waited longer is not written any more; its poster repeats it."""
WRITE_TIMEOUT_S = 5.0
WRITE_DEADLINE = INTAKE_DEADLINE + QUEUE_DEADLINE + timedelta(seconds=WRITE_TIMEOUT_S)
"""No entry appears in the log later than this after it was recorded, by its writer's clock. It
saves readings and proves nothing: what is complete is proven by tallies (`completeness`)."""

DUPLICATE_KEY = 11_000


@dataclass(frozen=True, slots=True)
class Encoded:
    """An entry as bytes."""

    event_id: str
    payload_hash: bytes
    queued_at: datetime
    document: RawBSONDocument


def encode(stored: Stored, queued_at: datetime) -> Encoded:
    """What cannot be encoded fails here, alone."""
    raw = RawBSONDocument(bson.encode(to_document(stored)))
    return Encoded(stored.event_id, stored.payload_hash, queued_at, raw)


class LogWriter:
    """The write behind the log's group commit."""

    def __init__(
        self, events: Collection, clock: Clock, timeout_s: float = WRITE_TIMEOUT_S
    ) -> None:
        self._events = events
        self._clock = clock
        self._timeout_s = timeout_s

    async def write(self, group: Sequence[Encoded]) -> list[Appended | Exception]:
        """An answer for each; whatever this raises, nobody knows what became of the group."""
        late = self._clock() - QUEUE_DEADLINE
        timely = [n for n, entry in enumerate(group) if entry.queued_at >= late]
        answers: list[Appended | Exception] = [Unavailable("waited too long")] * len(group)
        metrics.GROUP_SIZE.observe(len(timely))
        with pymongo.timeout(self._timeout_s):
            inserted = await self._insert([group[n] for n in timely])
        for n, answer in zip(timely, inserted, strict=True):
            answers[n] = answer
        _count(answers)
        return answers

    async def _insert(self, group: Sequence[Encoded]) -> list[Appended | Exception]:
        answers: list[Appended | Exception] = [Appended.ACCEPTED] * len(group)
        if not group:
            return answers
        try:
            await self._events.insert_many([e.document for e in group], ordered=False)
        except BulkWriteError as error:
            failures = _failures(error.details)
            clashing = [group[n] for n, code in failures.items() if code == DUPLICATE_KEY]
            known = await self._hashes(e.event_id for e in clashing)
            for n, code in failures.items():
                answers[n] = _clash(group[n], code, known)
        return answers

    async def _hashes(self, event_ids: Iterable[str]) -> Mapping[str, bytes]:
        """Read with majority, as the client does, so that a duplicate is as durable as a 2xx."""
        cursor = self._events.find({"_id": {"$in": list(event_ids)}}, {"payload_hash": 1})
        return {found["_id"]: found["payload_hash"] async for found in cursor}


def _failures(details: Mapping[str, Any]) -> dict[int, int]:
    """Code by position. Raises: Unavailable when the others are not durable either."""
    if details["writeConcernErrors"]:
        raise Unavailable("not on a majority's disks")
    return {error["index"]: error["code"] for error in details["writeErrors"]}


def _clash(entry: Encoded, code: int, known: Mapping[str, bytes]) -> Appended | Exception:
    if code != DUPLICATE_KEY:
        return Unavailable(f"the log refused it with {code}")
    if entry.event_id not in known:
        return Unavailable("the entry of this id is not durable yet")
    return repeated(entry.payload_hash, known[entry.event_id])


def _count(answers: Sequence[Appended | Exception]) -> None:
    results = ("unavailable" if isinstance(a, Exception) else a.value for a in answers)
    for result, count in Counter(results).items():
        metrics.APPENDED.labels(result).inc(count)
