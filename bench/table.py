"""The figures as a table that is Markdown and reads well on a terminal too. Pure."""

from collections.abc import Sequence

from bench.figure import Figure

HEAD = ("name", "value", "unit", "target", "floor", "ratio", "met")
TEXT = {0, 2, 6}
"""Columns that begin at the left."""


def table(figures: Sequence[Figure]) -> str:
    """One line a figure, in the order measured."""
    rows = [HEAD, *(_cells(figure) for figure in figures)]
    widths = [max(len(row[n]) for row in rows) for n in range(len(HEAD))]
    rules = ("-" * (width + 1) + ("-" if n in TEXT else ":") for n, width in enumerate(widths))
    head, *lines = (_line(row, widths) for row in rows)
    return "\n".join([head, f"|{'|'.join(rules)}|", *lines])


def _cells(figure: Figure) -> tuple[str, ...]:
    target = figure.target
    sign = "≤" if target.less_is_better else "≥"
    met = {True: "yes", False: "NO", None: ""}[figure.met]
    return (
        figure.name,
        _number(figure.value),
        target.unit,
        "" if target.value is None else f"{sign} {_number(target.value)}",
        "" if figure.floor is None else _number(figure.floor),
        "" if figure.ratio is None else f"{figure.ratio:.2f}",
        met,
    )


def _number(value: float) -> str:
    return f"{value:,.1f}" if value < 100 else f"{value:,.0f}"


def _line(row: Sequence[str], widths: Sequence[int]) -> str:
    padded = (
        cell.ljust(width) if n in TEXT else cell.rjust(width)
        for n, (cell, width) in enumerate(zip(row, widths, strict=True))
    )
    return "| " + " | ".join(padded) + " |"
