"""What a question can be narrowed to: one table, read by query, documents, facts and drill-down."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from services.events.envelope import Event
from services.reporting.definitions.label import Label
from services.reporting.definitions.labels import GROUP, NEIGHBOURHOOD, SERVICE, TEAM


def _itself(value: str | None) -> Collection[str]:
    return (value,) if value else ()


@dataclass(frozen=True, eq=False)
class Filter:
    """Leaves the events that have a code under the label."""

    label: Label
    field: str
    """Of an event's data; an event without it has no code, and its measures no figures."""
    text: str
    """What the API's documents say of it."""
    of: Callable[[Any], Collection[str]] = _itself
    """The codes in the field."""

    @property
    def stored(self) -> str:
        """The field of a fact's document that holds them."""
        return self.field if self.of is _itself else str(self.label)

    def is_carried_by(self, event_class: type[Event]) -> bool:
        """Whether such events have the field."""
        return self in _carried(event_class)

    def codes(self, event: Event) -> Collection[str]:
        """Under which an event stands."""
        return self.of(getattr(event.data, self.field)) if self.is_carried_by(type(event)) else ()


FILTERS: Mapping[str, Filter] = {
    narrowing.label: narrowing
    for narrowing in (
        Filter(
            SERVICE,
            "services",
            "Of this service",
            lambda lines: sorted({str(line.service) for line in lines}),
        ),
        Filter(GROUP, "groups", "Of this group", lambda groups: [str(group) for group in groups]),
        Filter(NEIGHBOURHOOD, "neighbourhood_id", "Of this khu phố or ấp"),
        Filter(TEAM, "team_id", "Of this team"),
    )
}
"""By the name of the parameter."""


def filters_of(event: Event) -> dict[str, str | list[str]]:
    """The fields by which a fact's document is searched."""
    found = ((narrowing, narrowing.codes(event)) for narrowing in _carried(type(event)))
    return {
        narrowing.stored: next(iter(codes)) if narrowing.of is _itself else list(codes)
        for narrowing, codes in found
        if codes
    }


@cache
def _carried(event_class: type[Event]) -> Collection[Filter]:
    data: Any = event_class.model_fields["data"].annotation
    return [narrowing for narrowing in FILTERS.values() if narrowing.field in data.model_fields]
