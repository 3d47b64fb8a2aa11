"""Which facts are asked for, and in which order they are paged."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import NamedTuple

from services.events.envelope import Event
from services.reporting.stores.figures import Days


class Position(NamedTuple):
    """Where a fact lies among all; facts are paged in this order."""

    ward: str
    day: date
    id: str


class TimePosition(NamedTuple):
    """Where a fact lies in time; those of a work list are paged in this order."""

    at: datetime
    id: str


@dataclass(frozen=True)
class FactQuery:
    """Which facts: in wards (keys; None: all), on days, of types, as known on a day (None: now)."""

    wards: Collection[str] | None
    days: Days
    types: Collection[type[Event]]
    known_by: date | None = None
    filters: Mapping[str, str] = field(default_factory=dict)
    """Codes by the name of the filter; see `filters.py`."""
