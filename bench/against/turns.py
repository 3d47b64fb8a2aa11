"""One figure of both versions, turn by turn; each measures itself, on servers of its own."""

import json
import time
from collections.abc import Iterator, Mapping, Sequence

from bench.against.compared import Compared
from bench.against.versions import Version
from bench.figure import TARGETS
from deploy.local.process import Child
from deploy.local.progress import step

PATIENCE_S = 60
"""What it may take to end its servers."""
POLL_S = 0.2
NOT_UNDERSTOOD = 2
"""How a command says that it has no such choice (argparse)."""

Versions = tuple[Version, Version]
Values = Mapping[str, float]


class NotMeasured(Exception):
    """A version has no such figure, or did not come to an end with it; the others go on."""


def measured(versions: Versions, only: str, turns: int, *, quick: bool) -> Sequence[Compared]:
    """What both measure under the name `only`; AB, BA, AB … so that a drift evens out.

    Raises: NotMeasured.
    """
    values: tuple[list[Values], list[Values]] = ([], [])
    with step(f"Đo {only}", f"measuring {only}") as current:
        for turn, which in _order(turns):
            current.note = f"{'AB'[which]} {turn}/{turns}"
            values[which].append(_run(versions[which], only, quick=quick))
    return _compared(*values)


def _order(turns: int) -> Iterator[tuple[int, int]]:
    for turn in range(1, turns + 1):
        for which in (0, 1) if turn % 2 else (1, 0):
            yield turn, which


def _run(version: Version, only: str, *, quick: bool) -> Values:
    results = version.root / "bench" / "out" / "results.json"
    results.unlink(missing_ok=True)
    command = [version.python, "-m", "bench", *(["--quick"] if quick else []), "--only", only]
    log = version.root / "bench.log"
    child = Child(command, log, version.environment, version.root, "bench")
    try:
        while child.running():
            time.sleep(POLL_S)
    finally:
        child.stop(PATIENCE_S)
    if not results.exists():  # a target that was missed is no failure here
        lines = 1 if child.returncode == NOT_UNDERSTOOD else 12
        raise NotMeasured(f"{only} by {version.name}: {child.last_lines(lines)}")
    return {row["name"]: row["value"] for row in json.loads(results.read_text())}


def _compared(a: Sequence[Values], b: Sequence[Values]) -> Sequence[Compared]:
    """What each turn of both has; B is ours, so its names are among our targets."""
    in_both = [name for name in b[0] if name in TARGETS and all(v.get(name) for v in [*a, *b])]
    return [Compared(name, [v[name] for v in a], [v[name] for v in b]) for name in in_both]
