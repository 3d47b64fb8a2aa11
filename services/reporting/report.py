"""What a report is: numbers and ratios, each with its name, formula and source, and a row."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from types import MappingProxyType

from pydantic import BaseModel, Field

from services.reporting.measure import Measure
from services.reporting.measures import breakdown
from services.reporting.placing import Placing, place

NONE: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True, eq=False)
class Number:
    """A figure of a report: what it is called and which cells it stands in."""

    name: str
    vi: str
    en: str
    measures: tuple[Measure, ...]
    """Of one thing: the first that carries all labels asked for answers; without one, facts do."""
    only: Mapping[str, str] = field(default_factory=dict)
    of: str = ""
    """Counts the different codes under this label (or wards) that have any, not their amounts."""
    source: str = ""
    """The indicator's code in the city's list, such as `OP-01`."""

    @property
    def is_stock(self) -> bool:
        """Whether it says what stands at a period's end, whenever that began."""
        return self.measures[0].stands

    def placed(self, filters: Mapping[str, str], by: Sequence[str]) -> Placing | None:
        """Where the cells hold the number under these filters, grouped by those labels."""
        if any(filters.get(label, code) != code for label, code in self.only.items()):
            return None
        asked = {**filters, **self.only}
        found = (place(measure, asked, by) for measure in self.measures)
        return next((placing for placing in found if placing), None)

    def placed_in_part(self, filters: Mapping[str, str], by: Sequence[str]) -> Placing | None:
        """The same, with those filters alone that a measure's labels hold."""
        parts = (
            Number(self.name, self.vi, self.en, (m,), self.only).placed(_held(m, filters, by), by)
            for m in self.measures
        )
        return next((placing for placing in parts if placing), None)


@dataclass(frozen=True)
class Constant:
    """A denominator that is laid down, with where and since when."""

    value: int
    vi: str
    en: str
    as_of: date


@dataclass(frozen=True, eq=False)
class Ratio:
    """A share in per cent (or per `per`); its numerator and denominator are shown with it."""

    name: str
    vi: str
    en: str
    numerator: Number
    denominator: Number | Constant
    basis_vi: str
    basis_en: str
    """Whence the denominator comes."""
    per: int = 100
    source: str = ""


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
    """One table; `by` says how it may be grouped, beside periods: `ward` and labels."""

    name: str
    vi: str
    en: str
    row: type[Row]
    figures: tuple[Number | Ratio, ...]
    by: tuple[str, ...]
    default_by: tuple[str, ...] = ()
    one_ward: bool = False
    """Whether a ward must be named."""

    def numbers(self) -> list[Number]:
        """All that has to be read, parts of ratios too."""
        parts: dict[str, Number] = {}
        for figure in self.figures:
            for number in _parts(figure):
                parts.setdefault(number.name, number)
        return list(parts.values())


def _held(measure: Measure, filters: Mapping[str, str], by: Sequence[str]) -> Mapping[str, str]:
    """A breakdown holds a filter only where it is what rows are grouped by."""
    labels = by if measure.labels == breakdown.LABELS else measure.labels
    return {label: code for label, code in filters.items() if label in labels}


def share(numerator: Value, denominator: Value, per: int, as_of: date | None) -> Share:
    """A ratio of two counts, either of which may be missing."""
    value = None
    if numerator is not None and denominator:
        value = round(numerator * per / denominator, 1)
    return Share(numerator=numerator, denominator=denominator or None, value=value, as_of=as_of)


def _parts(figure: Number | Ratio) -> list[Number]:
    if isinstance(figure, Number):
        return [figure]
    parts = (figure.numerator, figure.denominator)
    return [part for part in parts if isinstance(part, Number)]
