"""Compares the logs with the facts by id, side by side, and publishes again what is missing."""

import asyncio
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from services.messaging.broker import Broker
from services.messaging.relay.packing import pack
from services.messaging.topology import partition_queue
from services.platform.clock import Clock, utc_now
from services.reporting.log_check.log_store import Log, ProjectedEvents
from services.reporting.log_check.result_store import Found, Kind, Place, Records, Result
from services.reporting.log_check.windows import CHUNK, Entry, Window, windows

PATIENCE_S = 15.0
"""So long what is on its way may take before it is missing."""
_ASKED_EVERY_S = 1.0


class LogCheck:
    """Goes on where an earlier run ended in between, unless told to begin anew.

    An event that was appended behind the place that is compared is seen by the next run.
    """

    def __init__(
        self,
        logs: Sequence[Log],
        kept: ProjectedEvents,
        records: Records,
        *,
        patience_s: float = PATIENCE_S,
        chunk: int = CHUNK,
        clock: Clock = utc_now,
    ) -> None:
        self._logs = logs
        self._kept = kept
        self._records = records
        self._patience_s = patience_s
        self._chunk = chunk
        self._clock = clock

    async def run(self, *, fresh: bool = False) -> Result:
        """The whole comparison; what was found stands in the records."""
        compared = await self._compare_all(fresh=fresh)
        await self._wait_for_what_is_on_its_way()
        result = await self._result(compared)
        await self._records.end(result)
        return result

    async def publish_missing(self, broker: Broker, partitions: int) -> int:
        """How many were sent once more, confirmed, to reporting alone.

        Raises: BrokerUnavailable, Unconfirmed.
        """
        published = 0
        queues = [partition_queue(n) for n in range(partitions)]
        async with broker.publisher("publish what is missing") as publisher:
            for log in self._logs:
                async for found in self._records.found(Kind.MISSING, log.name):
                    entries = await log.entries([finding.id for finding in found])
                    parcels = pack(entries, log.name, partitions, self._clock(), only=queues)
                    messages = [m for parcel in parcels for m in parcel.messages.values()]
                    await asyncio.gather(*(publisher.publish(message) for message in messages))
                    published += len(entries)
        return published

    async def _compare_all(self, *, fresh: bool) -> Mapping[str, int]:
        none = dict.fromkeys((log.name for log in self._logs), 0)
        place = await self._records.begin(Place("", none), fresh=fresh)
        compared = Counter(place.compared)
        reads = [log.read for log in self._logs]
        async for window in windows([self._kept.read, *reads], place.after, self._chunk):
            found = list(self._differences(window))
            compared.update({log.name: len(side) for log, side in self._sides(window)})
            await self._records.keep(Place(window.until or place.after, dict(compared)), found)
        return dict(compared)

    def _sides(self, window: Window) -> Iterator[tuple[Log, Sequence[Entry]]]:
        return zip(self._logs, window.sides[1:], strict=True)

    def _differences(self, window: Window) -> Iterator[Found]:
        facts = {entry.id: entry for entry in window.sides[0] if entry.counts}
        for log, side in self._sides(window):
            logged = {entry.id for entry in side}
            for entry in side:
                if entry.counts and entry.id not in facts:
                    yield Found(entry.id, Kind.MISSING, log.name, entry.place)
            for entry in facts.values():
                if entry.log == log.name and entry.id not in logged:
                    yield Found(entry.id, Kind.EXTRA, log.name, entry.place)

    async def _wait_for_what_is_on_its_way(self) -> None:
        loop = asyncio.get_running_loop()
        deadline = loop.time() + self._patience_s
        while await self._look_again() and loop.time() < deadline:  # noqa: ASYNC110  # it comes by itself
            await asyncio.sleep(min(_ASKED_EVERY_S, self._patience_s))

    async def _look_again(self) -> int:
        """How many are still on one side alone, and known to nobody."""
        left = 0
        for log in self._logs:
            async for found in self._records.found(Kind.MISSING, log.name):
                ids = {finding.id for finding in found}
                come = await self._kept.has(ids)
                await self._records.forget(come)
                left += len(ids - come - await self._kept.set_aside(ids - come))
            async for found in self._records.found(Kind.EXTRA, log.name):
                ids = {finding.id for finding in found}
                appended = await log.has(ids)
                await self._records.forget(appended)
                left += len(ids - appended)
        return left

    async def _result(self, compared: Mapping[str, int]) -> Result:
        missing, extra, aside = Counter[str](), Counter[str](), Counter[str]()
        for log in self._logs:
            missing[log.name] = extra[log.name] = aside[log.name] = 0
            async for found in self._records.found(Kind.MISSING, log.name):
                known = await self._kept.set_aside([finding.id for finding in found])
                aside[log.name] += len(known)
                missing[log.name] += len(found) - len(known)
            async for found in self._records.found(Kind.EXTRA, log.name):
                extra[log.name] += len(found)
        return Result(self._clock(), compared, dict(missing), dict(extra), dict(aside))
