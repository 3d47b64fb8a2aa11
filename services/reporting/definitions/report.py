"""What a report is: its figures, by what it may be grouped, and the model that follows."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from pydantic import BaseModel, Field, create_model

from services.reporting.definitions.label import Label
from services.reporting.definitions.labels import WARD
from services.reporting.definitions.number import Number, Ratio, numbers_in


class Share(BaseModel):
    """A ratio with what it was made of; without a denominator there is no value."""

    numerator: int | None
    denominator: int | None
    value: float | None = Field(description="Rounded to one decimal; null: chưa có mẫu số")
    as_of: date | None = Field(None, description="The oldest day for which the denominator is told")


Value = int | None
"""A count; null where a filter does not apply to it."""


class Row(BaseModel):
    """Figures by name; each report has its own."""


@dataclass(frozen=True, eq=False)
class Report:
    """One table; beside `by` it may be grouped by periods."""

    name: str
    vi: str
    en: str
    about: str
    """What a row says, for the API's documents."""
    figures: tuple[Number | Ratio, ...]
    by: tuple[Label, ...]
    """The first is what it is grouped by where nobody says."""
    one_row: bool = False
    """Whether it is grouped by nothing instead."""
    one_ward: bool = False
    """Whether a ward must be named."""

    def __post_init__(self) -> None:
        """Raises: ValueError."""
        if again := _twice(figure.name for figure in self.figures):
            raise ValueError(f"{self.name}: two figures are called {again}")
        if again := _twice(number.name for number in self.numbers()):
            raise ValueError(f"{self.name}: two numbers are called {again}")
        known = {WARD, *(label for n in self.numbers() for m in n.measures for label in m.labels)}
        if unknown := [label for label in self.by if label not in known]:
            raise ValueError(f"{self.name}: no figure has the label {unknown[0]}")

    @property
    def default_by(self) -> tuple[Label, ...]:
        """What rows are about where nobody says."""
        return () if self.one_row else self.by[:1]

    @cached_property
    def row(self) -> type[Row]:
        """Its figures as a model of the API, called after the report."""
        fields: dict[str, Any] = {f.name: (_type(f), _field(f)) for f in self.figures}
        name = f"{self.name.title().replace('_', '')}Row"
        return create_model(name, __base__=Row, __doc__=self.about, **fields)

    def numbers(self) -> list[Number]:
        """All that has to be read, parts of ratios too."""
        return list(dict.fromkeys(n for figure in self.figures for n in numbers_in(figure)))


def share(numerator: Value, denominator: Value, per: int, as_of: date | None) -> Share:
    """A ratio of two counts, either of which may be missing."""
    value = None
    if numerator is not None and denominator:
        value = round(numerator * per / denominator, 1)
    return Share(numerator=numerator, denominator=denominator or None, value=value, as_of=as_of)


def _type(figure: Number | Ratio) -> Any:
    return Value if isinstance(figure, Number) else Share


def _field(figure: Number | Ratio) -> Any:
    source = f" ({figure.source})" if figure.source else ""
    return Field(description=f"{figure.en}: {figure.vi}{source}")


def _twice(names: Iterable[str]) -> str | None:
    return next((name for name, times in Counter(names).items() if times > 1), None)
