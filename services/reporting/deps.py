"""What the routes of reporting stand on; `main` hands it in."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import date

from services.events.envelope import CITY_TIME
from services.platform.auth import Reader
from services.platform.clock import Clock
from services.platform.problems import FORBIDDEN, Problem
from services.reporting.answering import Sources
from services.reporting.completeness import Completeness
from services.reporting.page_api import PageConfig
from services.reporting.worklists.disputes import DisputeReader

BASE = "/api/reporting/v1"
IN_THE_FIELD = frozenset({"volunteer", "kiosk", "integrator"})
"""They read their own tally and nothing else."""


@dataclass(frozen=True)
class Deps:
    """Parts that are real in a process and twins in a test."""

    sources: Sources
    disputes: DisputeReader
    completeness: Callable[[], Awaitable[Completeness]]
    revisions: Callable[[], Awaitable[Mapping[int, int]]]
    """While these are equal, so are all figures."""
    reader: Callable[..., Awaitable[Reader]]
    """The FastAPI dependency that `platform.auth.reader_of` makes."""
    clock: Clock
    page: PageConfig

    def today(self) -> date:
        """The day in Ho Chi Minh City."""
        return self.clock().astimezone(CITY_TIME).date()


def require_staff(reader: Reader) -> None:
    """Raises: Problem."""
    if reader.role in IN_THE_FIELD:
        raise Problem(FORBIDDEN)
