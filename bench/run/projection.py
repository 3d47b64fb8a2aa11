"""projection: all measures, out of full queues, with nothing else at work."""

import time
from collections.abc import Iterator
from pathlib import Path

from bench.bare import Bare
from bench.entry import enrol_devices
from bench.figure import Figure
from bench.load import bodies, wrk
from bench.load.wrk import Load
from bench.plan import Bench
from bench.stage import wait_for
from bench.way import Way, our_way, sample

FILL_S = 2
FILL_TIMEOUT_S = 300
LAST = 0.98
"""The rest is left out: the partitions do not end at one moment."""


def measure(bench: Bench) -> Iterator[Figure]:
    """Fills the queues while nobody consumes, then lets one process consume alone."""
    with bench.servers.stage("projection") as stage:
        stage.start()
        devices = enrol_devices(stage)
        events = bodies.plain(devices, bench.plan.templates, bench.file("plain"))
        ours, bare = our_way(stage), Bare(stage)
        ours.settle()
        stage.stop("reporting")
        _fill(ours, events, bench.plan.queued)
        stage.stop("registration", "notify")
        stage.start("reporting")
        value = _projected(ours)
        stage.stop("reporting")
        bare.start_intake(relay=True)
        _fill(bare.way, events, bench.plan.queued)
        bare.start_projection()
        yield Figure("projection", value, _projected(bare.way))


def _fill(way: Way, events: Path, count: int) -> None:
    """Until so many stand in the queues and none in the log."""
    while way.accepted() < count:
        wrk.run(way.url, events, Load(8, FILL_S, batch=100))
    wait_for(way.all_published, FILL_TIMEOUT_S)


def _projected(way: Way) -> float:
    """Events a second, from the first batch that stands."""
    total, start = way.accepted(), sample(way)
    while (first := sample(way)).reported == start.reported:
        time.sleep(0.02)
    while (last := sample(way)).reported < first.reported + LAST * (total - first.reported):
        time.sleep(0.02)
    way.settle()
    return (last.reported - first.reported) / (last.at - first.at)
