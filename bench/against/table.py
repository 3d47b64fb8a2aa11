"""Two versions side by side. Pure."""

from collections.abc import Sequence
from statistics import median

from bench.against.compared import Compared
from bench.figure import TARGETS
from bench.table import markdown, number

TEXT = frozenset({0, 1, 8})


def table(a: str, b: str, figures: Sequence[Compared]) -> str:
    """Medians, with the least and the most of all turns; one line a figure."""
    spread = "min-max"
    head = ("name", "unit", f"A: {a}", spread, f"B: {b}", spread, "B/A", spread, "beyond spread")
    return markdown(head, [_cells(figure) for figure in figures], TEXT)


def _cells(figure: Compared) -> tuple[str, ...]:
    return (
        figure.name,
        TARGETS[figure.name].unit,
        *_values(figure.a),
        *_values(figure.b),
        f"{figure.ratio:.3f}",
        f"{min(figure.ratios):.3f}-{max(figure.ratios):.3f}",
        _verdict(figure),
    )


def _values(values: Sequence[float]) -> tuple[str, str]:
    return number(median(values)), f"{number(min(values))}-{number(max(values))}"


def _verdict(figure: Compared) -> str:
    if not figure.exceeds_spread:
        return "too few turns" if figure.exceeds_spread is None else "no"
    return f"yes, {'better' if figure.better else 'WORSE'}"
