"""Which subject takes in an event of each type, and keeps the rows of each kind."""

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Any

from services.events.envelope import Event
from services.events.registry import type_name
from services.registration.subjects.actor import SYSTEM
from services.registration.subjects.subject import Accepts, Decided, Observed, Subject, Subjects


def by_type(slices: Iterable[Subject], types: Iterable[type[Event]]) -> Subjects:
    """Raises: TypeError unless each type that may be posted has one slice, and no other has any.

    What registration and notify alone say is observed, and is theirs.
    """
    types = list(types)
    ours = Observed({c: Accepts(by=SYSTEM) for c in types if not c.posted})
    found: dict[type[Event], Subject] = dict.fromkeys(ours.accepts, ours)
    for subject in slices:
        for event_class in subject.accepts:
            if event_class in found or event_class not in types:
                raise TypeError(f"{type_name(event_class)} is not this slice's to take in")
            found[event_class] = subject
    if missing := [type_name(c) for c in types if c not in found]:
        raise TypeError(f"no slice takes in {', '.join(missing)}")
    return MappingProxyType(found)


def by_kind(subjects: Iterable[Subject]) -> Mapping[str, Decided[Any]]:
    """Raises: TypeError where two have one kind."""
    found: dict[str, Decided[Any]] = {}
    for subject in subjects:
        if isinstance(subject, Decided) and found.setdefault(subject.kind, subject) is not subject:
            raise TypeError(f"two slices have the kind {subject.kind}")
    return found
