"""Which of a measure's cells a number is made of: fixed codes, labels to group by, all others."""

from collections.abc import Collection, Mapping
from typing import NamedTuple

from services.reporting.definitions.measure import EVERYTHING, Codes, Measure


class CellSelector(NamedTuple):
    """Cells whose codes equal `pattern` (None: any), grouped by the labels at `positions`."""

    measure: Measure
    pattern: tuple[str | None, ...]
    positions: tuple[int, ...]

    @property
    def exact(self) -> Codes | None:
        """The one combination of codes that it holds; None: there are several."""
        fixed = tuple(code for code in self.pattern if code is not None)
        return fixed if len(fixed) == len(self.pattern) else None

    def holds(self, codes: Codes) -> bool:
        """Whether a cell with these codes belongs to the number."""
        for want, have in zip(self.pattern, codes, strict=True):  # asked for each figure read
            if want is not None and want != have:
                return False
        return True

    def group(self, codes: Codes) -> Codes:
        """The codes that it is grouped by, in the order asked for."""
        return tuple([codes[position] for position in self.positions])


def select(measure: Measure, fixed: Mapping[str, str], by: Collection[str]) -> CellSelector | None:
    """The cells with these labels fixed, grouped by others; None: the measure cannot say it.

    A label that does not add up is fixed or grouped by, never summed over.
    """
    asked = {*fixed, *by}
    if measure.one_at_a_time:
        return _in_breakdown(measure, fixed, by)
    summed = [label for label in measure.labels if label not in asked]
    if not asked <= set(measure.labels) or not all(label.adds_up for label in summed):
        return None
    pattern = tuple(fixed.get(label) for label in measure.labels)
    positions = [str(label) for label in measure.labels]
    return CellSelector(measure, pattern, tuple(positions.index(label) for label in by))


def _in_breakdown(
    measure: Measure, fixed: Mapping[str, str], by: Collection[str]
) -> CellSelector | None:
    asked = {*fixed, *by}
    if not asked:
        return CellSelector(measure, EVERYTHING, ())
    (label, *more) = asked
    if more or label not in measure.labels:
        return None
    return CellSelector(measure, (label, fixed.get(label)), (1,) * len(by))
