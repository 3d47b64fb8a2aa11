"""What the routes of reporting stand on; `main` hands it in."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from services.events.envelope import CITY_TIME
from services.platform.access.auth import Reader
from services.platform.access.readers import Matter
from services.platform.clock import Clock
from services.reporting.asking.answering import Sources
from services.reporting.asking.fact_readers import DisputeReader
from services.reporting.catalogue import CATALOGUE, Catalogue
from services.reporting.http.answer_cache import AnswerCache
from services.reporting.http.page import PageConfig
from services.reporting.projecting.completeness import Completeness

BASE = "/api/reporting/v1"


@dataclass(frozen=True)
class Deps:
    """Parts that are real in a process and twins in a test."""

    sources: Sources
    disputes: DisputeReader
    completeness: Callable[[], Awaitable[Completeness]]
    revisions: Callable[[], Awaitable[Mapping[int, int]]]
    """While these are equal, so are all figures."""
    reader: Callable[[Matter], Callable[..., Awaitable[Reader]]]
    """The FastAPI dependency of whoever may read a matter, such as `platform.auth.ReaderDoor`."""
    clock: Clock
    page: PageConfig
    catalogue: Catalogue = CATALOGUE
    answers: AnswerCache[Any] = field(default_factory=AnswerCache)
    """Reports that were just made, by what was asked."""

    def today(self) -> date:
        """The day in Ho Chi Minh City."""
        return self.clock().astimezone(CITY_TIME).date()
