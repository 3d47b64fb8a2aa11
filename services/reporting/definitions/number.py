"""The figures of a report: numbers that cells hold, constants, and ratios of them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from types import MappingProxyType

from services.reporting.definitions.cell_selector import CellSelector, select
from services.reporting.definitions.label import Label
from services.reporting.definitions.labels import WARD
from services.reporting.definitions.measure import Measure

NONE: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True, eq=False)
class Number:
    """A figure of a report: what it is called and which cells it stands in."""

    name: str
    vi: str
    en: str
    measures: tuple[Measure, ...]
    """Of one thing: the first that carries all labels asked for answers; without one, facts do."""
    only: Mapping[Label, str] = field(default_factory=dict)
    of: Label | None = None
    """Counts the different codes under this label (or wards) that have any, not their amounts."""
    source: str = ""
    """The indicator's code in the city's list, such as `OP-01`."""
    basis_vi: str = ""
    basis_en: str = ""
    """What was judged, and how, where the name does not say it."""

    def __post_init__(self) -> None:
        """Raises: ValueError."""
        measure = self.measures[0]
        for label, code in self.only.items():
            if label not in measure.labels or not label.knows(code):
                raise ValueError(f"{self.name}: {measure.name} has no {label} {code}")
        if self.of is not None and self.of not in (WARD, *measure.tells_apart):
            raise ValueError(f"{self.name}: {measure.name} tells no {self.of} apart")

    @property
    def is_stock(self) -> bool:
        """Whether it says what stands at a period's end, whenever that began."""
        return self.measures[0].stands

    def select(self, filters: Mapping[str, str], by: Sequence[str]) -> CellSelector | None:
        """The cells that hold the number under these filters, grouped by those labels."""
        if any(filters.get(label, code) != code for label, code in self.only.items()):
            return None
        fixed: dict[str, str] = dict([*filters.items(), *self.only.items()])
        found = (select(measure, fixed, by) for measure in self.measures)
        return next((selector for selector in found if selector), None)

    def select_in_part(self, filters: Mapping[str, str], by: Sequence[str]) -> CellSelector | None:
        """The same, with those filters alone that a measure's labels hold."""
        parts = (
            Number(self.name, self.vi, self.en, (m,), self.only).select(_held(m, filters, by), by)
            for m in self.measures
            if self.only.keys() <= set(m.labels)
        )
        return next((selector for selector in parts if selector), None)


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


def under(
    measure: Measure,
    label: Label,
    code: str,
    *,
    name: str = "{}",
    vi: str = "{}",
    en: str = "{}",
    source: str = "",
) -> Number:
    """What stands under one code, called as the code is: `{}` is the code, or its name."""
    code_vi, code_en = label.name_of(code)
    words = name.format(code), _within(vi, code_vi), _within(en, code_en)
    return Number(*words, (measure,), {label: code}, source=source)


def each(
    measure: Measure,
    label: Label,
    *,
    name: str = "{}",
    names: Mapping[str, str] = NONE,
    vi: str = "{}",
    en: str = "{}",
) -> tuple[Number, ...]:
    """One number a code of the label; `names` are those of codes whose figure is called else."""
    return tuple(
        under(measure, label, code, name=names.get(code, name), vi=vi, en=en)
        for code in label.codes or ()
    )


def named(name: str, numbers: Iterable[Number]) -> Number:
    """The one of them that is called so."""
    return next(number for number in numbers if number.name == name)


def numbers_in(figure: Number | Ratio) -> list[Number]:
    """What has to be read for a figure."""
    if isinstance(figure, Number):
        return [figure]
    parts = (figure.numerator, figure.denominator)
    return [part for part in parts if isinstance(part, Number)]


def _held(measure: Measure, filters: Mapping[str, str], by: Sequence[str]) -> Mapping[str, str]:
    """A breakdown holds a filter only where it is what rows are grouped by."""
    labels: Sequence[str] = by if measure.one_at_a_time else measure.labels
    return {label: code for label, code in filters.items() if label in labels}


def _within(text: str, name: str) -> str:
    """Inside a text a name begins small."""
    return text.format(name if text.startswith("{}") else name[:1].lower() + name[1:])
