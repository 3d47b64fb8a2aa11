"""What a type of event declares beside its fields: what it is about, and who has it in scope."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import Enum, auto
from typing import Any

SUBJECT = "subject"
"""Of a scope: the event's own subject, where the others are fields of `data`."""


class Kind(str):
    """A kind of thing that has a history, such as `team`: the first half of its row's `_id`."""

    __slots__ = ("plural",)

    plural: str
    """The name of its list over HTTP; without one its rows are read through their own API alone."""

    def __new__(cls, name: str, *, plural: str = "") -> "Kind":
        kind = super().__new__(cls, name)
        kind.plural = plural
        return kind


class Naming(Enum):
    """How registration finds the subject of an event."""

    AS_POSTED = auto()
    FIRST_OF = auto()
    KEYED = auto()


@dataclass(frozen=True, slots=True)
class About:
    """What names an event's subject: fields of its `data`, or its poster."""

    naming: Naming
    fields: tuple[str, ...] = ()


AS_POSTED = About(Naming.AS_POSTED)
"""Its poster names it. A decided event must have a subject."""


def first_of(*fields: str) -> About:
    """The first of these that says anything, else the event itself."""
    return About(Naming.FIRST_OF, fields)


ITSELF = first_of()


def keyed(first: str, second: str) -> About:
    """The keyed hash of both, so that their events meet and the subject leads to nobody."""
    return About(Naming.KEYED, (first, second))


@dataclass(frozen=True, slots=True)
class Scope:
    """Who may record it beyond ward and day: each names a field of `data`, or SUBJECT."""

    team: str | None = None
    """Only this team's devices may."""
    neighbourhood: str | None = None
    service_point: str | None = None
    """Where it happened: a team must have been sent there, and a kiosk must stand there."""
    on_any_day: bool = False
    """In all wards that a team was ever sent to, whatever the day."""
    of_its_target: bool = False
    """Whoever could record the event that it takes back may record it."""

    @property
    def fields(self) -> tuple[str, ...]:
        """Those that it names in `data`."""
        named = (self.team, self.neighbourhood, self.service_point)
        return tuple(field for field in named if field and field != SUBJECT)


@dataclass(frozen=True, slots=True)
class Former:
    """An earlier version of a type, and its upcaster: how what it said is said by the next one.

    Its class is gone; what was logged, is on its way, or is still posted by phones and integrators
    that were not updated yet is read as the newest type, wherever it is read.
    """

    type: str
    upcast: Callable[[Mapping[str, Any]], Mapping[str, Any]]
    """From its `data`, as JSON, to that of the version after it. Pure; fields that it does not
    know are handed on, so that intake still refuses them, and `person` with them."""
    defaults: Mapping[str, Any] = field(default_factory=dict)
    """What its `data` said by leaving a field out, as JSON: without it the fingerprint of what was
    posted before the upgrade could not be found again."""


BY_WARD = Scope()
OF_THE_TEAM = Scope(team=SUBJECT, on_any_day=True)
OF_ITS_TARGET = Scope(on_any_day=True, of_its_target=True)
