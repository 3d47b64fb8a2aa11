"""Where in a measure's cells a number stands: fixed labels, labels to group by, all others."""

from collections.abc import Collection, Mapping
from typing import NamedTuple

from services.reporting.measure import Labels, Measure
from services.reporting.measures import (
    breakdown,
    consents,
    households,
    people,
    services,
    teams,
    visits,
)

BREAKDOWNS: Mapping[str, tuple[str, ...]] = {
    people.PEOPLE.name: people.BREAKDOWNS,
    households.HOUSEHOLDS.name: households.BREAKDOWNS,
}
NEVER_ADDED: Mapping[str, str] = {
    services.SERVICES_TO_GROUP.name: "group",
    visits.VISITS_TO_GROUP.name: "group",
    visits.VISITS_WITH_SERVICE.name: "service",
    consents.CONSENTS.name: "purpose",
    teams.TEAMS.name: "kind",
    teams.TEAM_MEMBERS.name: "kind",
    teams.TEAMS_DEPLOYED.name: "kind",
}
"""A label whose codes are never added up: one thing counts under several, or kinds differ."""


class Placing(NamedTuple):
    """Cells whose labels equal `pattern` (None: any), grouped by the labels at `positions`."""

    measure: Measure
    pattern: tuple[str | None, ...]
    positions: tuple[int, ...]

    @property
    def exact(self) -> Labels | None:
        """The one combination of labels that it holds; None: there are several."""
        fixed = tuple(label for label in self.pattern if label is not None)
        return fixed if len(fixed) == len(self.pattern) else None

    def holds(self, labels: Labels) -> bool:
        """Whether a cell with these labels belongs to the number."""
        for want, have in zip(self.pattern, labels, strict=True):  # asked for each figure read
            if want is not None and want != have:
                return False
        return True

    def group(self, labels: Labels) -> Labels:
        """The codes that it is grouped by, in the order asked for."""
        return tuple([labels[position] for position in self.positions])


def place(measure: Measure, fixed: Mapping[str, str], by: Collection[str]) -> Placing | None:
    """How a measure says a number with these labels fixed, grouped by others; None: not at all."""
    asked = {*fixed, *by}
    if measure.labels == breakdown.LABELS:
        return _in_breakdown(measure, fixed, by)
    apart = NEVER_ADDED.get(measure.name)
    if not asked <= set(measure.labels) or (apart and apart not in asked):
        return None
    pattern = tuple(fixed.get(label) for label in measure.labels)
    return Placing(measure, pattern, tuple(measure.labels.index(label) for label in by))


def _in_breakdown(
    measure: Measure, fixed: Mapping[str, str], by: Collection[str]
) -> Placing | None:
    asked = {*fixed, *by}
    if not asked:
        return Placing(measure, breakdown.EVERYTHING, ())
    (label, *more) = asked
    if more or label not in BREAKDOWNS[measure.name]:
        return None
    return Placing(measure, (label, fixed.get(label)), (1,) * len(by))
