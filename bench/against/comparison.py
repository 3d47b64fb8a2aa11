"""Chosen figures of two versions: measured, and what is printed and written down of them."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from bench.against.compared import Compared
from bench.against.table import table
from bench.against.turns import NotMeasured, measured
from bench.against.versions import differing, two_versions


@dataclass
class Comparison:
    """What became of every figure that was asked for."""

    a: str
    b: str
    measured_otherwise: Sequence[str]
    """Files of the two benches that differ."""
    figures: list[Compared] = field(default_factory=list)
    lacking: list[str] = field(default_factory=list)
    """Why a figure could not be compared."""

    def text(self) -> str:
        """For a terminal."""
        lines = [table(self.a, self.b, self.figures)]
        lines += [f"\nNot compared: {why}" for why in self.lacking]
        if self.measured_otherwise:
            files = ", ".join(self.measured_otherwise)
            lines.append(f"\nThe two measure themselves by code that differs: {files}")
        return "\n".join(lines)

    def document(self) -> dict[str, Any]:
        """As against.json holds it."""
        return {
            "a": self.a,
            "b": self.b,
            "figures": [figure.row() for figure in self.figures],
            "lacking": self.lacking,
            "measured_otherwise": list(self.measured_otherwise),
        }


def compare(revision: str, chosen: Sequence[str], turns: int, *, quick: bool) -> Comparison:
    """Raises: CannotRun where a version cannot be prepared."""
    with two_versions(revision) as (a, b):
        made = Comparison(a.name, b.name, differing(a, b))
        for name in chosen:
            try:
                found = measured((a, b), name, turns, quick=quick)
            except NotMeasured as why:
                made.lacking.append(str(why))
                continue
            made.figures += found
            for figure in found:
                print(f"  {figure.row()}", flush=True)
        return made
