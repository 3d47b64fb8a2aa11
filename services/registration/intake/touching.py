"""What an event reads and changes, so that two that have nothing to do with each other may be
judged at one time and all others wait for their turn. Pure."""

from typing import NamedTuple

from services.events.corrections import EventVoided
from services.events.envelope import Event
from services.events.registry import REGISTRY
from services.registration.subjects.subject import Decided, Subjects


class Touch(NamedTuple):
    """By ids: of the event, of what it takes back, and of whose history it belongs to."""

    changes: frozenset[str]
    reads: frozenset[str] = frozenset()
    """What it refers to."""
    target: str | None = None
    """The event that it takes back."""
    alone: bool = False
    """Whose history it changes shows only once its target has been read."""

    def meets(self, changed: set[str], read: set[str]) -> bool:
        """Whether its outcome hangs on others that read or change these, or theirs on it."""
        return not (
            self.changes.isdisjoint(changed)
            and self.changes.isdisjoint(read)
            and self.reads.isdisjoint(changed)
        )


def touch_of(event: Event, subjects: Subjects) -> Touch:
    """Observed events have no history: of them only ids can clash."""
    subject, target = subjects[type(event)], taken_back(event)
    about = {event.subject} if isinstance(subject, Decided) and event.subject else set[str]()
    return Touch(
        changes=frozenset({event.id, *about} | ({target} if target else set())),
        reads=frozenset(named.id for named in subject.accepts[type(event)].refers(event)),
        target=target,
        alone=target is not None and _is_of_a_history(event, subjects),
    )


def taken_back(event: Event) -> str | None:
    """The event that this one voids or replaces."""
    return event.data.event_id if isinstance(event, EventVoided) else event.replaces


def _is_of_a_history(event: Event, subjects: Subjects) -> bool:
    """A void's own word on its target's type is checked when it is judged, and so is that of
    what replaces an event: both are refused where it is wrong."""
    of = (
        REGISTRY.class_of(event.data.target_type) if isinstance(event, EventVoided) else type(event)
    )
    return of is None or isinstance(subjects[of], Decided)
