"""idle_rss_mb: what the three services hold in memory while nothing happens."""

import time
from collections.abc import Iterator
from pathlib import Path

from bench.figure import Figure
from bench.plan import Bench


def measure(bench: Bench) -> Iterator[Figure]:
    """All three, ready for a while."""
    with bench.servers.stage("idle") as stage:
        stage.start()
        time.sleep(bench.plan.idle_s)
        kilobytes = sum(_rss_kb(child.pid) for child in stage.running.values())
    yield Figure("idle_rss_mb", kilobytes / 1024)


def _rss_kb(pid: int) -> int:
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmRSS:"))
