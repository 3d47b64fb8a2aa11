"""What two versions reached in the same turns, and whether they differ. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median
from typing import Any

from bench.figure import TARGETS

FEWEST_TURNS = 3
"""With less there is no spread to speak of."""


@dataclass(frozen=True)
class Compared:
    """One figure of versions A and B; the values of one turn stand at one place in both."""

    name: str
    a: Sequence[float]
    b: Sequence[float]

    @property
    def ratios(self) -> Sequence[float]:
        """B to A, turn by turn: what slowed the machine in a turn slowed both."""
        return [b / a for a, b in zip(self.a, self.b, strict=True)]

    @property
    def ratio(self) -> float:
        """The median turn's."""
        return median(self.ratios)

    @property
    def exceeds_spread(self) -> bool | None:
        """Whether B is further from A than the turns are from each other; None: too few turns."""
        if len(self.ratios) < FEWEST_TURNS:
            return None
        return abs(self.ratio - 1) > max(self.ratios) - min(self.ratios)

    @property
    def better(self) -> bool:
        """Whether B's side of A is the one that is asked for."""
        return (self.ratio < 1) == TARGETS[self.name].less_is_better

    def row(self) -> dict[str, Any]:
        """As against.json holds it."""
        return {
            "name": self.name,
            "unit": TARGETS[self.name].unit,
            "a": list(self.a),
            "b": list(self.b),
            "ratios": [round(ratio, 3) for ratio in self.ratios],
            "ratio": round(self.ratio, 3),
            "exceeds_spread": self.exceeds_spread,
        }
