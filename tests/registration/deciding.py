"""Events judged one after the other, as they arrive."""

from typing import Any, TypeVar

import pytest

from services.events.envelope import Event
from services.platform.problems import ProblemKind
from services.registration.subjects.deciding import decide
from services.registration.subjects.problems import Refusal
from services.registration.subjects.subject import Decided, Observed

S = TypeVar("S")


def after(subject: Decided[S], *arriving: Event) -> S:
    """The state once all of them are recorded, in this order of arrival."""
    history: list[Event] = []
    state: S | None = None
    for event in arriving:
        state = decide(subject, history, event)
        history.append(event)
    assert state is not None
    return state


def refused(subject: Decided[Any], *arriving: Event) -> ProblemKind:
    """Why the last of them is refused; all before it are recorded."""
    *before, last = arriving
    if before:
        after(subject, *before)
    with pytest.raises(Refusal) as refusal:
        decide(subject, before, last)
    return refusal.value.kind


def form_of(subject: Observed, event: Event) -> tuple[ProblemKind, str] | None:
    """What is wrong with an observed event's form, and where."""
    try:
        subject.accepts[type(event)].check(None, event)
    except Refusal as refusal:
        return refusal.kind, refusal.pointer
    return None
