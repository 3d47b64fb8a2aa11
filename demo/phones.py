"""Phones as they upload: in order of time, several at once, gzip, their own clock in a header."""

import asyncio
import time
from collections.abc import Sequence
from datetime import datetime, timedelta
from gzip import compress
from zlib import crc32

import orjson

from demo.memory import Key
from demo.progress import Progress
from demo.results import Results
from demo.server import REGISTRATION, Server
from demo.uploads import Upload
from services.events.envelope import BATCH_MEDIA_TYPE

WORTH_GZIP = 1_000
QUICKLY = 1


class Rate:
    """So many events a second at most; nought is as fast as it goes."""

    def __init__(self, per_second: float) -> None:
        self._each_s = 1 / per_second if per_second else 0.0
        self._free_at = 0.0

    async def wait(self, events: int) -> None:
        """Until these may be sent."""
        if not self._each_s:
            return
        now = time.monotonic()
        start = max(self._free_at, now)
        self._free_at = start + events * self._each_s
        await asyncio.sleep(start - now)


class Phones:
    """All phones of the campaign, over a few connections."""

    def __init__(
        self, registration: Server, rate: Rate, results: Results, progress: Progress
    ) -> None:
        self._registration = registration
        self._rate = rate
        self._results = results
        self._progress = progress

    async def upload(
        self, uploads: Sequence[Upload], keys: dict[str, Key], connections: int
    ) -> None:
        """A phone sends one thing after the other; different phones do not wait for each other."""
        lanes: list[list[Upload]] = [[] for _ in range(connections)]
        for upload in uploads:
            lanes[crc32(upload.phone.name.encode()) % connections].append(upload)
        async with asyncio.TaskGroup() as group:
            for lane in lanes:
                group.create_task(self._all(lane, keys))

    async def _all(self, lane: Sequence[Upload], keys: dict[str, Key]) -> None:
        for upload in lane:
            await self._send(upload, keys[upload.phone.name])

    async def _send(self, upload: Upload, key: Key) -> None:
        await self._rate.wait(len(upload.sent))
        wrong_s = upload.phone.clock_wrong_s
        bodies = [one.record.body(key.source, wrong_s) for one in upload.sent]
        answer = await post_events(
            self._registration,
            bodies,
            key.secret,
            upload.at,
            upload.at + timedelta(seconds=wrong_s),
        )
        self._results.note(key.source, upload.sent, answer)
        self._progress.advance(len(upload.sent))


async def post_events(
    registration: Server, bodies: Sequence[bytes], token: str, now: datetime, device_time: datetime
) -> list[dict[str, object]]:
    """One result an event. Raises: Refused, CannotPlay."""
    headers = {
        "Content-Type": BATCH_MEDIA_TYPE,
        "Demo-Now": now.isoformat(),
        "Device-Time": device_time.isoformat(),
    }
    body = b"[" + b",".join(bodies) + b"]"
    if len(body) > WORTH_GZIP:
        body = compress(body, QUICKLY)
        headers["Content-Encoding"] = "gzip"
    answer = await registration.send("POST", f"{REGISTRATION}/events", body, headers, token)
    results: list[dict[str, object]] = orjson.loads(answer)["results"]
    return results
