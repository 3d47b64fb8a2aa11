"""`make bench`: measures all figures on this machine in one run, and writes them down."""

import argparse
import json
import os
import platform
import signal
import sys
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path

from bench.figure import Figure
from bench.plan import QUICK, Bench, Plan
from bench.run import fresh, idle, intake, mix, projection, sms, sustained
from bench.stage import servers
from bench.table import table
from deploy.local.progress import step
from deploy.local.sentence import or_say_why

RESULTS = Path(__file__).parent / "out" / "results.json"
Measure = Callable[[Bench], Iterator[Figure]]
MEASURES: Mapping[str, Measure] = {
    "idle": idle.measure,
    "intake": intake.measure,
    "mix": mix.measure,
    "projection": projection.measure,
    "sustained": sustained.measure,
    "fresh": fresh.measure,
    "sms": sms.measure,
}


def main() -> None:
    """Ends with 1 where a target is missed."""
    asked = _asked()
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    plan = QUICK if asked.quick else Plan()
    figures: list[Figure] = []
    with servers() as found:
        for name in asked.only or MEASURES:
            with step(f"Đo {name}", f"measuring {name}") as current:
                for figure in MEASURES[name](Bench(found, plan)):
                    figures.append(figure)
                    current.note = f"{figure.name} {figure.value:,.0f}"
                    print(f"  {figure.row()}", flush=True)
    print(f"\n{_when_and_where(quick=asked.quick)}\n\n{table(figures)}")
    RESULTS.parent.mkdir(exist_ok=True)
    RESULTS.write_text(json.dumps([figure.row() for figure in figures], indent=2) + "\n")
    sys.exit(any(figure.met is False for figure in figures))


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="seconds instead of minutes")
    parser.add_argument("--only", nargs="*", choices=MEASURES, help="some of the figures")
    return parser.parse_args()


def _when_and_where(*, quick: bool) -> str:
    day = datetime.now(UTC).date()
    cores = len(os.sched_getaffinity(0))
    load = os.getloadavg()[0]
    how = ", quick: its figures are rough" if quick else ""
    return (
        f"{day}, {platform.machine()}, {cores} cores shared by everything and the load generator, "
        f"Python {platform.python_version()}{how}; load average at the end {load:.1f}."
    )


if __name__ == "__main__":
    or_say_why(main)
