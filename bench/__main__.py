"""`make bench`: measures all figures on this machine in one run, and writes them down."""

import argparse
import json
import os
import platform
import signal
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path

from bench.against.comparison import compare
from bench.figure import Figure
from bench.plan import QUICK, Bench, Plan
from bench.run import fresh, idle, intake, mix, projection, readers, sms, sustained
from bench.stage import servers
from bench.table import table
from deploy.local.progress import step
from deploy.local.sentence import or_say_why

OUT = Path(__file__).parent / "out"
Measure = Callable[[Bench], Iterator[Figure]]
MEASURES: Mapping[str, Measure] = {
    "idle": idle.measure,
    "intake": intake.measure,
    "mix": mix.measure,
    "projection": projection.measure,
    "sustained": sustained.measure,
    "fresh": fresh.measure,
    "readers": readers.measure,
    "sms": sms.measure,
}
_CHOICES = f"of {', '.join(MEASURES)}"


def main() -> None:
    """Ends with 1 where a target is missed, or where a figure could not be compared."""
    asked = _asked()
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    chosen = asked.only or list(MEASURES)
    all_well = _against(asked, chosen) if asked.against else _alone(asked, chosen)
    sys.exit(not all_well)


def _alone(asked: argparse.Namespace, chosen: Sequence[str]) -> bool:
    figures: list[Figure] = []
    with servers() as found:
        for name in chosen:
            with step(f"Đo {name}", f"measuring {name}") as current:
                for figure in MEASURES[name](Bench(found, QUICK if asked.quick else Plan())):
                    figures.append(figure)
                    current.note = f"{figure.name} {figure.value:,.0f}"
                    print(f"  {figure.row()}", flush=True)
    print(f"\n{_when_and_where(quick=asked.quick)}\n\n{table(figures)}")
    _write("results.json", [figure.row() for figure in figures])
    return not any(figure.met is False for figure in figures)


def _against(asked: argparse.Namespace, chosen: Sequence[str]) -> bool:
    made = compare(asked.against, chosen, asked.turns, quick=asked.quick)
    where = _when_and_where(quick=asked.quick)
    print(f"\n{where}\n\n{made.text()}")
    _write("against.json", {"when_and_where": where, "turns": asked.turns} | made.document())
    return not made.lacking


def _write(name: str, document: object) -> None:
    OUT.mkdir(exist_ok=True)
    (OUT / name).write_text(json.dumps(document, indent=2, ensure_ascii=False) + "\n")


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="seconds instead of minutes")
    parser.add_argument(
        "--only", nargs="*", type=_names, default=[], metavar="FIGURE[,FIGURE]", help=_CHOICES
    )
    parser.add_argument("--against", metavar="COMMIT", help="two versions by turns")
    parser.add_argument("--turns", type=_positive, default=3, help="of each version (3)")
    asked = parser.parse_args()
    asked.only = [name for names in asked.only for name in names]
    return asked


def _names(text: str) -> Sequence[str]:
    names = [name for name in text.split(",") if name]
    if unknown := [name for name in names if name not in MEASURES]:
        raise argparse.ArgumentTypeError(f"{', '.join(unknown)}: {_CHOICES}")
    return names


def _positive(text: str) -> int:
    if not text.isdigit() or not int(text):
        raise argparse.ArgumentTypeError(f"not a number above 0: {text}")
    return int(text)


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
