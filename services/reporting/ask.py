"""A question to the reports, with all its parameters judged."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from services.reporting.periods import Period, Unit
from services.reporting.wards import WardsMode, shown_as

UNITS = tuple(unit.value for unit in Unit)


@dataclass(frozen=True)
class Ask:
    """Which figures are wanted, and how they are grouped."""

    days: Period
    wards: frozenset[str] | None = None
    """Keys; None: all."""
    filters: Mapping[str, str] = field(default_factory=dict)
    """By `service`, `group`, `neighbourhood`, `team`: what a fact must have."""
    by: tuple[str, ...] = ()
    known_by: date | None = None
    mode: WardsMode = WardsMode.AS_WAS

    @property
    def unit(self) -> Unit | None:
        """The period that rows are cut by."""
        return next((Unit(name) for name in self.by if name in UNITS), None)

    @property
    def labels(self) -> tuple[str, ...]:
        """What rows are grouped by beside ward and period."""
        return tuple(name for name in self.by if name not in UNITS and name != "ward")

    @property
    def ward(self) -> str | None:
        """The one unit that it is about, as it is shown; None: all, or several."""
        shown = {self.shown(key) for key in self.wards or ()}
        return shown.pop() if len(shown) == 1 else None

    def whole(self) -> "Ask":
        """The same in one row."""
        return replace(self, by=())

    def shown(self, ward: str) -> str:
        """The unit under which a ward's figures are shown."""
        return shown_as(ward, self.mode)
