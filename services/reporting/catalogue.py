"""All that reporting counts and shows; what a label means is said once."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from services.reporting.definitions.label import Label
from services.reporting.definitions.measure import Measure
from services.reporting.definitions.report import Report
from services.reporting.measures import MEASURES
from services.reporting.reports import REPORTS


@dataclass(frozen=True, eq=False)
class Catalogue:
    """Measures, and reports by name."""

    measures: tuple[Measure, ...]
    reports: Mapping[str, Report]

    def __post_init__(self) -> None:
        """Raises: ValueError for a label's name that means two things."""
        meant: dict[str, Label] = {}
        for label in self._labels():
            other = meant.setdefault(str(label), label)
            if (label.codes, label.named_by) != (other.codes, other.named_by):
                raise ValueError(f"two labels are called {label}")

    def _labels(self) -> Iterator[Label]:
        for measure in self.measures:
            yield from measure.labels
        for report in self.reports.values():
            yield from report.by

    def plus(self, measures: Iterable[Measure], reports: Iterable[Report]) -> "Catalogue":
        """The same with more of both."""
        return Catalogue(
            (*self.measures, *measures),
            {**self.reports, **{report.name: report for report in reports}},
        )


CATALOGUE = Catalogue(MEASURES, REPORTS)
