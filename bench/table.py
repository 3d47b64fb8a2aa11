"""Tables that are Markdown and read well on a terminal too. Pure."""

from collections.abc import Sequence

from bench.figure import Figure

HEAD = ("name", "value", "unit", "target", "floor", "ratio", "met")
TEXT = frozenset({0, 2, 6})
"""Columns that begin at the left."""


def table(figures: Sequence[Figure]) -> str:
    """One line a figure, in the order measured."""
    return markdown(HEAD, [_cells(figure) for figure in figures], TEXT)


def markdown(head: Sequence[str], lines: Sequence[Sequence[str]], text: frozenset[int]) -> str:
    """Columns that are not `text` end at the right, as numbers do."""
    rows = [head, *lines]
    widths = [max(len(row[n]) for row in rows) for n in range(len(head))]
    rules = ("-" * (width + 1) + ("-" if n in text else ":") for n, width in enumerate(widths))
    first, *rest = (_line(row, widths, text) for row in rows)
    return "\n".join([first, f"|{'|'.join(rules)}|", *rest])


def number(value: float) -> str:
    """With as many digits as say something."""
    return f"{value:,.1f}" if value < 100 else f"{value:,.0f}"


def _cells(figure: Figure) -> tuple[str, ...]:
    target = figure.target
    sign = "≤" if target.less_is_better else "≥"
    met = {True: "yes", False: "NO", None: ""}[figure.met]
    return (
        figure.name,
        number(figure.value),
        target.unit,
        "" if target.value is None else f"{sign} {number(target.value)}",
        "" if figure.floor is None else number(figure.floor),
        "" if figure.ratio is None else f"{figure.ratio:.2f}",
        met,
    )


def _line(row: Sequence[str], widths: Sequence[int], text: frozenset[int]) -> str:
    padded = (
        cell.ljust(width) if n in text else cell.rjust(width)
        for n, (cell, width) in enumerate(zip(row, widths, strict=True))
    )
    return "| " + " | ".join(padded) + " |"
