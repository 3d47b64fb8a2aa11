"""intake_*_mix: what a campaign's phones post, with persons, consents and signatures."""

from collections.abc import Iterator

from bench.entry import enrol_devices
from bench.figure import Figure
from bench.load import bodies, wrk
from bench.load.wrk import Load
from bench.plan import Bench
from bench.way import our_way

EVENTS_A_SECOND = 2_500
"""More than can be sent, so that nobody is met twice."""


def measure(bench: Bench) -> Iterator[Figure]:
    """Each with people of its own; without bare parts, which know no persons."""
    with bench.servers.stage("mix") as stage:
        stage.start()
        devices = enrol_devices(stage)
        way = our_way(stage)
        way.settle()
        stage.pause_relay()
        for run, (connections, batch) in enumerate(((1, 1), (8, 1), (32, 1), (8, 100))):
            size = round(EVENTS_A_SECOND * bench.plan.intake_s) * (2 if batch > 1 else 1)
            events = bodies.mixed(devices, size, bench.file("mixed"), run)
            sent = wrk.run(way.url, events, Load(connections, bench.plan.intake_s, batch))
            name = f"batch{batch}" if batch > 1 else f"c{connections}"
            yield Figure(f"intake_{name}_mix", sent.rate)
        stage.resume_relay()
        way.settle()
