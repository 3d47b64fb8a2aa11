"""fresh_*: from an event's answer to its being in the reports, at a steady pace."""

import threading
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from statistics import quantiles
from typing import Any

from pymongo.collection import Collection

from bench.bare import Bare
from bench.entry import enrol_devices
from bench.figure import Figure
from bench.load import bodies, wrk
from bench.load.wrk import Load
from bench.plan import Bench
from bench.way import Way, our_way

PACE = 200
CONNECTIONS = 16
WARM_UP_S = 3


class Watch:
    """Hears of each fact when the transaction that wrote it, and its figures, is committed."""

    def __init__(self, facts: Collection[dict[str, Any]]) -> None:
        self.seen: dict[str, float] = {}
        only_new: list[dict[str, Any]] = [
            {"$match": {"operationType": "insert"}},
            {"$project": {"documentKey": 1}},
        ]
        self._stream = facts.watch(only_new, max_await_time_ms=200)
        self._ending = threading.Event()
        self._thread = threading.Thread(target=self._hear, daemon=True)
        self._thread.start()

    def stop(self) -> Mapping[str, float]:
        """When each was seen, in seconds since 1970."""
        self._ending.set()
        self._thread.join()
        self._stream.close()
        return self.seen

    def _hear(self) -> None:
        while not self._ending.is_set():
            if change := self._stream.try_next():
                self.seen[change["documentKey"]["_id"]] = time.time()


def measure(bench: Bench) -> Iterator[Figure]:
    """Ours, then the bare parts'."""
    with bench.servers.stage("fresh") as stage:
        stage.start()
        devices = enrol_devices(stage)
        ours, bare = our_way(stage), Bare(stage)
        ours.settle()
        bare.start_intake(relay=True)
        bare.start_projection()
        events = bodies.plain(devices, bench.plan.templates, bench.file("plain"))
        both = [_lag_ms(bench, way, events) for way in (ours, bare.way)]
        for percent in (50, 99):
            yield Figure(f"fresh_p{percent}_ms", *(lag[percent - 1] for lag in both))


def _lag_ms(bench: Bench, way: Way, events: Path) -> list[float]:
    """The 99 percentiles."""
    wrk.run(way.url, events, Load(CONNECTIONS, WARM_UP_S, pace=PACE))
    way.settle()
    answers = bench.file("answers")
    watch = Watch(way.facts["facts"])
    wrk.run(way.url, events, Load(CONNECTIONS, bench.plan.fresh_s, pace=PACE), answers)
    way.settle()
    time.sleep(1)
    seen = watch.stop()
    lags = [(seen[id_] - float(at)) * 1_000 for id_, at in _lines(answers)]
    return quantiles(lags, n=100)


def _lines(answers: Path) -> Iterator[tuple[str, str]]:
    for line in answers.read_text().splitlines():
        id_, at = line.split()
        yield id_, at
