"""sustained_*: accepted and reported with everything running, the backlog not growing."""

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from statistics import mean
from typing import NamedTuple

from bench.bare import Bare
from bench.entry import Device, enrol_devices
from bench.figure import Figure
from bench.load import bodies, wrk
from bench.load.wrk import Load
from bench.plan import Bench
from bench.way import Sample, Way, our_way, sample

PROBE_S = 10
EVERY_S = 0.5
BACKLOG_S = 0.5
"""Less than this many seconds' worth may wait longer at the end than at the beginning."""
PROBES = 4
"""Each halves what lies between a pace that was borne and one that was not."""
SLOWER = 0.93
TRIES = 5

Events = Callable[[str, int], Path]


class Unsteady(Exception):
    """The backlog grew at every pace that was tried."""


class Borne(NamedTuple):
    """Events reported and sent a second, and whether what waits grew."""

    rate: float
    sent: float
    grew: bool


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
    probe = replace(load, seconds=PROBE_S)
    flooded = _under(way, events, probe)
    if not flooded.grew and not (whole := _under(way, events, load)).grew:
        return whole.rate
    pace = _bearable(way, events, probe, flooded)
    for _ in range(TRIES):
        steady = _under(way, events, replace(load, pace=pace))
        if not steady.grew:
            return steady.rate
        pace *= SLOWER
    raise Unsteady(f"{load}")


def _bearable(way: Way, events: Path, probe: Load, flooded: Borne) -> float:
    """A flood is reported more slowly than a pace at which all parts get their turn."""
    low, high = flooded.rate, flooded.sent
    for _ in range(PROBES):
        pace = (low + high) / 2
        low, high = (
            (low, pace) if _under(way, events, replace(probe, pace=pace)).grew else (pace, high)
        )
    return low


def _under(way: Way, events: Path, load: Load) -> Borne:
    """While wrk runs."""
    process = wrk.start(way.url, events, load)
    samples = [sample(way)]
    while process.poll() is None:
        time.sleep(EVERY_S)
        samples.append(sample(way))
    sent = wrk.result(process)
    way.settle()
    steady = samples[2:-1]
    rate = _rate(steady)
    grown = _waiting(steady[-8:]) - _waiting(steady[:8])
    return Borne(min(rate, sent.rate), sent.rate, grown > rate * BACKLOG_S)


def _rate(samples: Sequence[Sample]) -> float:
    first, last = samples[0], samples[-1]
    return (last.reported - first.reported) / (last.at - first.at)


def _waiting(samples: Sequence[Sample]) -> float:
    return mean(one.accepted - one.reported for one in samples)
