"""sustained_*: accepted and reported with everything running, the backlog not growing."""

import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from statistics import mean

from bench.bare import Bare
from bench.entry import Device, enrol_devices
from bench.figure import Figure
from bench.load import bodies, wrk
from bench.load.wrk import Load
from bench.plan import Bench
from bench.way import Sample, Way, our_way, sample

PROBE_S = 10
EVERY_S = 0.5
BACKLOG_S = 1.0
"""Less than this many seconds' worth may wait longer at the end than at the beginning."""
STEPS = (0.97, 0.9, 0.8, 0.7)
"""Shares of what was reported under full load that are tried as a steady pace."""

Events = Callable[[str, int], Path]


class Unsteady(Exception):
    """The backlog grew at every pace that was tried."""


def measure(bench: Bench) -> Iterator[Figure]:
    """Single events and batches, ours and the bare parts'; and the demo's mix, ours alone."""
    with bench.servers.stage("sustained") as stage:
        stage.start()
        devices = enrol_devices(stage)
        ours = our_way(stage)
        ours.settle()
        plain = bodies.plain(devices, bench.plan.templates, bench.file("plain"))
        bare = Bare(stage)
        bare.start_intake(relay=True)
        bare.start_projection()
        for name, connections, batch in (("c32", 32, 1), ("batch100", 8, 100)):
            load = Load(connections, bench.plan.sustained_s, batch)
            yield Figure(
                f"sustained_{name}",
                _sustained(ours, plain, load),
                _sustained(bare.way, plain, load),
            )
        mixed = _mix(bench, devices)
        yield Figure("sustained_c32_mix", _sustained(ours, mixed, Load(32, bench.plan.sustained_s)))


def _mix(bench: Bench, devices: Sequence[Device]) -> Path:
    size = round(1_200 * bench.plan.sustained_s)
    return bodies.mixed(devices, size, bench.file("mixed"), run=9)


def _sustained(way: Way, events: Path, load: Load) -> float:
    """As fast as the answers come; where the backlog grows, at the steady pace that it can bear.

    Raises: Unsteady.
    """
    probe, grew = _under(way, events, Load(load.connections, PROBE_S, load.batch))
    if not grew:
        rate, grew = _under(way, events, load)
        if not grew:
            return rate
        probe = min(probe, rate)
    for share in STEPS:
        paced = Load(load.connections, load.seconds, load.batch, probe * share)
        rate, grew = _under(way, events, paced)
        if not grew:
            return rate
    raise Unsteady(f"{load}")


def _under(way: Way, events: Path, load: Load) -> tuple[float, bool]:
    """Events reported a second while wrk runs, and whether what waits grew."""
    process = wrk.start(way.url, events, load)
    samples = [sample(way)]
    while process.poll() is None:
        time.sleep(EVERY_S)
        samples.append(sample(way))
    sent = wrk.result(process)
    way.settle()
    steady = samples[2:-1]
    rate = _rate(steady)
    return min(rate, sent.rate), _waiting(steady[-8:]) - _waiting(steady[:8]) > rate * BACKLOG_S


def _rate(samples: Sequence[Sample]) -> float:
    first, last = samples[0], samples[-1]
    return (last.reported - first.reported) / (last.at - first.at)


def _waiting(samples: Sequence[Sample]) -> float:
    return mean(one.accepted - one.reported for one in samples)
