"""A question to the reports, with all its parameters judged."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from services.reporting.asking.periods import Period, Unit
from services.reporting.definitions.label import Label
from services.reporting.definitions.labels import WARD
from services.reporting.definitions.wards import (
    STANDARD,
    WardsMode,
    are_todays,
    is_counted,
    shown_as,
)

UNITS = tuple(Label(unit) for unit in Unit)
"""Periods that rows can be cut by."""


@dataclass(frozen=True)
class Question:
    """Which figures are wanted, and how they are grouped."""

    days: Period
    wards: frozenset[str] | None = None
    """Keys; None: all."""
    filters: Mapping[str, str] = field(default_factory=dict)
    """Codes by label: what a fact must have."""
    by: tuple[Label, ...] = ()
    known_by: date | None = None
    mode: WardsMode = STANDARD

    @property
    def unit(self) -> Unit | None:
        """The period that rows are cut by."""
        return next((Unit(name) for name in self.by if name in UNITS), None)

    @property
    def labels(self) -> tuple[Label, ...]:
        """What rows are grouped by beside ward and period."""
        return tuple(name for name in self.by if name not in UNITS and name != WARD)

    @property
    def ward(self) -> str | None:
        """The one unit that it is about, as it is shown; None: all, or several."""
        shown = {self.shown(key) for key in self.wards or ()}
        return shown.pop() if len(shown) == 1 else None

    def whole(self) -> "Question":
        """The same in one row."""
        return replace(self, by=())

    @property
    def is_of_todays_city(self) -> bool:
        """Whether it is about the 168 wards of today, all of them."""
        return self.wards is None and are_todays(self.mode, self.days.last)

    def counts(self, unit: str, last: date | None = None) -> bool:
        """Whether a unit, as it is shown, is one of the wards that are counted for a period that
        ends on `last` (None: the question's)."""
        return is_counted(unit, self.mode, last or self.days.last)

    def shown(self, ward: str) -> str:
        """The unit under which a ward's figures are shown."""
        return shown_as(ward, self.mode)
