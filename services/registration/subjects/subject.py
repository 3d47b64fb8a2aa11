"""What a slice is: the events it takes in, who may record them, and what their history comes to."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Generic, NamedTuple, TypeVar, get_type_hints

from pydantic import BaseModel

from services.events.declarations import Kind
from services.events.envelope import Event
from services.registration.subjects.actor import Actor, Role
from services.registration.subjects.owners import Belongs

S = TypeVar("S")

NEVER = ""
"""Of a kind that does not end."""


class Reference(NamedTuple):
    """Something that must have been recorded before, as a row of one of these kinds."""

    kinds: tuple[Kind, ...]
    id: str
    pointer: str
    on: date | None = None
    """A day on which it must not have ended; None asks only that it is known."""

    @property
    def names(self) -> list[tuple[str, str]]:
        """Of the rows that it may be: (kind, id)."""
        return [(kind, self.id) for kind in self.kinds]


Check = Callable[[S | None, Any], None]
"""Looks at the state just before the event, which has the type it is declared for; raises Refusal.

An observed type has no state: its rule looks at the event's own form alone.
"""
Refers = Callable[[Any], Iterable[Reference]]
"""What a decided event names; an observed one is never refused for what is not there yet."""
States = Mapping[str, Mapping[str, Any]]
"""By id, of what an event refers to."""


class Known(NamedTuple):
    """What an event is weighed against."""

    rows: States
    people: Mapping[str, str]
    """Who stands behind each source that the rows name: a coordinator behind a phone of theirs."""


Weighs = Callable[[Any, Actor, Known], None]
"""Looks at who records an event and at what it refers to; raises Refusal."""


def anything_goes(state: object, event: Event) -> None:
    """No rule beyond form, scope and directory."""


def nothing(_: Event) -> tuple[Reference, ...]:
    """It stands by itself."""
    return ()


class Accepts(NamedTuple, Generic[S]):
    """Roles that may record a type, its rule, and what it refers to."""

    by: frozenset[Role]
    check: Check[S] = anything_goes
    refers: Refers = nothing
    weighs: Weighs | None = None
    whatever_followed: bool = False
    """Recorded even where later events would not stand after it: what the law gives a person does
    not depend on the order of arrival."""


class Choice(BaseModel):
    """What a phone keeps of a row, to name it in an event without a network."""

    id: str
    name: str


@dataclass(frozen=True)
class Observed:
    """Types that have no state: in which order they arrive decides nothing."""

    accepts: Mapping[type[Event], Accepts[None]]


@dataclass(frozen=True)
class Decided(Generic[S]):
    """Types whose events make up the life of one kind of thing."""

    kind: Kind
    state: type[S]
    evolve: Callable[[S | None, Event], S | None]
    belongs: Belongs
    """Whose its events are."""
    ends_on: str
    """The field of the state that holds its last day, or NEVER: nothing new belongs to what has
    ended."""
    accepts: Mapping[type[Event], Accepts[S]]
    view: type[BaseModel] | None = None
    """What readers see of a row, where that is not its whole state."""
    choice: type[Choice] | None = None
    """What a phone keeps of the rows of its ward that last; None: nothing."""

    def __post_init__(self) -> None:
        """Raises: TypeError for an end that the state does not have."""
        if self.ends_on and self.ends_on not in get_type_hints(self.state):
            raise TypeError(f"{self.kind} ends by `{self.ends_on}`, which its state has not")

    def last_day(self, state: Mapping[str, Any]) -> date | None:
        """By a row's state; None: it has not ended."""
        day = state.get(self.ends_on)
        return date.fromisoformat(day) if day else None


Subject = Observed | Decided[Any]
Subjects = Mapping[type[Event], Subject]
"""The one subject that takes each type in."""
