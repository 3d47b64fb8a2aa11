"""What a history allows, and the state that it comes to. Pure."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import TypeVar

from services.events.corrections import EventVoided
from services.events.envelope import Event
from services.registration.subjects.owners import OTHER_WARD, Local
from services.registration.subjects.problems import (
    CANNOT_BE_EMPTIED,
    LATER_EVENTS_FORBID,
    NOT_YET_KNOWN,
    NOT_YET_THEN,
    Refusal,
)
from services.registration.subjects.subject import Decided

S = TypeVar("S")


def standing(history: Iterable[Event]) -> list[Event]:
    """Events that no void takes back, by (time, id); the voids themselves are left out."""
    events = list(history)
    voided = {e.data.event_id for e in events if isinstance(e, EventVoided)}
    kept = (e for e in events if not isinstance(e, EventVoided) and e.id not in voided)
    return sorted(kept, key=_order)


def fold(subject: Decided[S], events: Iterable[Event]) -> S | None:
    """The state that these events come to, one after the other."""
    state: S | None = None
    for event in events:
        state = subject.evolve(state, event)
    return state


def state_before(subject: Decided[S], event: Event, history: Iterable[Event]) -> S | None:
    """The state that `event` found."""
    return fold(subject, (e for e in standing(history) if _order(e) < _order(event)))


def check(subject: Decided[S], state: S | None, event: Event) -> None:
    """Raises: Refusal, also where a ward changes what is another's."""
    if isinstance(state, Local) and not state.lies_in_ward_of(event):
        raise Refusal(OTHER_WARD, "/ward")
    subject.accepts[type(event)].check(state, event)


def decide(subject: Decided[S], history: Sequence[Event], *new: Event) -> S | None:
    """The state once all of `new` is recorded; `history` holds all events of its id, in any order.

    Two kinds of things may share an id: what is not this subject's is left out. A late event or
    a void may take the ground from what stands later, so the rules of all later standing events
    are asked again. Raises: Refusal.
    """
    own: set[type[Event]] = {*subject.accepts, EventVoided}
    before = [event for event in history if type(event) in own]
    after = [*before, *(event for event in new if type(event) in own)]
    for event in new:
        _check_new(subject, event, after, known=bool(standing(before)))
    _check_later(subject, new, after)
    return fold(subject, standing(after))


def _check_new(subject: Decided[S], new: Event, after: Sequence[Event], *, known: bool) -> None:
    if isinstance(new, EventVoided):
        return
    state = state_before(subject, new, after)
    try:
        check(subject, state, new)
    except Refusal as refusal:
        if known and state is None and refusal.kind is NOT_YET_KNOWN:
            raise Refusal(NOT_YET_THEN, "/time") from None
        raise
    _check_emptied(subject, state, new)


def _check_emptied(subject: Decided[S], state: S | None, new: Event) -> None:
    """What is left out is not said; what is said to be nothing must not be passed over."""
    if state is None:
        return
    after = subject.evolve(state, new)
    for name in sorted(new.data.model_fields_set):
        before = getattr(state, name, None)
        said_nothing = getattr(new.data, name) is None or _is_empty_list(new, name)
        stays = before not in (None, ()) and getattr(after, name, None) == before
        if said_nothing and stays:
            raise Refusal(CANNOT_BE_EMPTIED, f"/data/{name}")


def _is_empty_list(new: Event, name: str) -> bool:
    """One that was held is read from the log, where lists stand that nobody wrote; it replaces."""
    return getattr(new.data, name) == () and new.replaces is None


def _check_later(subject: Decided[S], new: Sequence[Event], after: Sequence[Event]) -> None:
    since = min((_affected_from(e, after) for e in new if _has_rules(subject, e)), default=None)
    if since is None:
        return
    fresh = {event.id for event in new}
    for event in standing(after):
        if event.id not in fresh and _order(event) >= since:
            try:
                check(subject, state_before(subject, event, after), event)
            except Refusal:
                raise Refusal(LATER_EVENTS_FORBID, "/time") from None


def _has_rules(subject: Decided[S], new: Event) -> bool:
    """Whether what stands later may forbid it."""
    return isinstance(new, EventVoided) or not subject.accepts[type(new)].whatever_followed


def _affected_from(new: Event, history: Sequence[Event]) -> tuple[datetime, str]:
    if isinstance(new, EventVoided):
        target = next((e for e in history if e.id == new.data.event_id), new)
        return _order(target)
    return _order(new)


def _order(event: Event) -> tuple[datetime, str]:
    return event.time, event.id
