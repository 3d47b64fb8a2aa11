"""intake_* and drain: one event a request and batches while the relay is paused, then all of it
on its way to the reports."""

import time
from collections.abc import Iterator
from pathlib import Path
from statistics import median
from typing import NamedTuple

from bench.bare import Bare
from bench.entry import enrol_devices
from bench.figure import Figure
from bench.load import bodies, wrk
from bench.load.wrk import Load, Sent
from bench.plan import Bench
from bench.stage import Stage
from bench.way import Way, our_way, sample

WARM_UP_S = 1


class Beside(NamedTuple):
    """Ours and the bare parts' in the same minute."""

    ours: float
    bare: float


def measure(bench: Bench) -> Iterator[Figure]:
    """Ours and the bare parts' by turns; the medians of all rounds."""
    with bench.servers.stage("intake") as stage:
        stage.start()
        devices = enrol_devices(stage)
        ways = our_way(stage), (bare := Bare(stage)).way
        ways[0].settle()
        stage.pause_relay()
        bare.start_intake(relay=False)
        events = bodies.plain(devices, bench.plan.templates, bench.file("plain"))
        for connections, batch in ((1, 1), (8, 1), (32, 1), (8, 100)):
            load = Load(connections, bench.plan.intake_s, batch)
            yield from _figures(load, [_beside(ways, events, load) for _ in _rounds(bench)])
        yield _drain(stage, bare, ways)


def _rounds(bench: Bench) -> range:
    return range(bench.plan.rounds)


def _beside(ways: tuple[Way, Way], events: Path, load: Load) -> tuple[Sent, Sent]:
    sent = []
    for way in ways:
        wrk.run(way.url, events, Load(load.connections, WARM_UP_S, load.batch))
        sent.append(wrk.run(way.url, events, load))
    return sent[0], sent[1]


def _figures(load: Load, rounds: list[tuple[Sent, Sent]]) -> Iterator[Figure]:
    name = f"intake_batch{load.batch}" if load.batch > 1 else f"intake_c{load.connections}"
    yield Figure(name, *(median(one.rate for one in way) for way in zip(*rounds, strict=True)))
    if load.connections == 32:
        p99 = (median(one.p99_ms for one in way) for way in zip(*rounds, strict=True))
        yield Figure(f"{name}_p99_ms", *p99)


def _drain(stage: Stage, bare: Bare, ways: tuple[Way, Way]) -> Figure:
    stage.resume_relay()
    ours = _drained(ways[0])
    bare.start_projection()
    bare.start_intake(relay=True)
    return Figure("drain", ours, _drained(ways[1]))


def _drained(way: Way) -> float:
    """Events a second, from the first that moves until all are reported."""
    began = sample(way)
    while (now := sample(way)).reported == began.reported:
        began = now
        time.sleep(0.02)
    way.settle()
    ended = sample(way)
    return (ended.reported - began.reported) / (ended.at - began.at)
