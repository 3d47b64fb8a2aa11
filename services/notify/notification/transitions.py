"""The steps of one SMS from its reason to its outcome: a pure state machine."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from services.notify.notification.notification import Answer, Attempt, Change, Notification
from services.notify.notification.occasions import Occasion
from services.notify.notification.states import MOVES, UNSENT, NoSuchMove, State


def join(
    notification: Notification, occasions: Iterable[Occasion], delay: timedelta
) -> Notification:
    """With further occasions; while nothing was tried, the delay starts again after the last."""
    fresh = tuple(occasions)
    joined = replace(
        notification, occasions=notification.occasions + fresh, version=notification.version + 1
    )
    if not _reopened_by(fresh, notification):
        return joined
    if not notification.history or notification.state is not State.RECEIVED:
        joined = _move(joined, State.RECEIVED, max(o.recorded_at for o in fresh))
    return replace(joined, due_at=max(_due(o, delay) for o in joined.standing or joined.occasions))


def void(notification: Notification, event_ids: Iterable[str], at: datetime) -> Notification:
    """With occasions taken back; one that waits for something is looked at again at once."""
    gone = set(event_ids)
    occasions = tuple(
        replace(o, voided=True) if o.event_id in gone else o for o in notification.occasions
    )
    due_at = notification.due_at
    if notification.state is State.DEFERRED and due_at is not None:
        due_at = min(due_at, at)
    return replace(
        notification, occasions=occasions, due_at=due_at, version=notification.version + 1
    )


def restore(
    notification: Notification, event_ids: Iterable[str], delay: timedelta, at: datetime
) -> Notification:
    """With occasions that stand after all; told when they would have been, or at once."""
    back = set(event_ids)
    occasions = tuple(
        replace(o, voided=False) if o.event_id in back else o for o in notification.occasions
    )
    restored = replace(notification, occasions=occasions, version=notification.version + 1)
    if notification.state not in UNSENT:
        return restored
    if notification.state is not State.RECEIVED:
        restored = _move(restored, State.RECEIVED, at, "ground_voided")
    return replace(restored, due_at=max(at, *(_due(o, delay) for o in restored.standing)))


def restate(
    notification: Notification, occasions: Iterable[Occasion], due_at: datetime, at: datetime
) -> Notification:
    """To tell this instead, then; for one that nobody tried to send yet."""
    stated = replace(notification, occasions=tuple(occasions))
    if stated.state is not State.RECEIVED or not stated.history:
        stated = _move(stated, State.RECEIVED, at)
    return replace(stated, due_at=due_at, version=notification.version + 1)


def defer(notification: Notification, until: datetime, reason: str, at: datetime) -> Notification:
    """Looked at again then, or when what it waits for comes."""
    return replace(_move(notification, State.DEFERRED, at, reason), due_at=until)


def suppress(notification: Notification, reason: str, at: datetime) -> Notification:
    """Not sent; only a further occasion has it judged again."""
    return replace(_move(notification, State.SUPPRESSED, at, reason), due_at=None)


def reopen(notification: Notification, at: datetime) -> Notification:
    """A ground on which it was suppressed is gone: judged again at once."""
    return replace(_move(notification, State.RECEIVED, at, "ground_voided"), due_at=at)


def submit(notification: Notification, attempt: Attempt, lease_until: datetime) -> Notification:
    """The write-ahead: from here on an SMS may have left."""
    attempts = (*notification.attempts, attempt)
    steps = (State.READY, State.SUBMITTING)
    return _moved(notification, steps, attempt.at, attempts=attempts, lease_until=lease_until)


def accept(
    notification: Notification,
    message_id: str,
    cost_vnd: int,
    wait: timedelta | None,
    at: datetime,
    parts: tuple[str, ...] = (),
) -> Notification:
    """A provider took it; without a receipt within `wait` it will stay unconfirmed."""
    attempts = _with_last(notification, message_id=message_id, cost_vnd=cost_vnd, parts=parts)
    due_at = at + wait if wait is not None else None
    accepted = (State.ACCEPTED,)
    return _moved(notification, accepted, at, attempts=attempts, lease_until=None, due_at=due_at)


def retry(notification: Notification, due_at: datetime, reason: str, at: datetime) -> Notification:
    """Surely not accepted, and worth another attempt."""
    retried = replace(_move(notification, State.RETRY_AT, at, reason), due_at=due_at)
    return replace(retried, lease_until=None, attempts=_with_last(notification, refused=True))


def fail(notification: Notification, reason: str, at: datetime) -> Notification:
    """Surely not accepted, and not worth another attempt."""
    failed = replace(_move(notification, State.FAILED, at, reason), due_at=None)
    return replace(failed, lease_until=None, attempts=_with_last(notification, refused=True))


def doubt(notification: Notification, due_at: datetime, reason: str, at: datetime) -> Notification:
    """It may have arrived; the same request is shown to the same provider once more."""
    attempts = _with_last(notification, uncertain=True)
    return replace(retry(notification, due_at, reason, at), attempts=attempts)


def lose(notification: Notification, reason: str, at: datetime) -> Notification:
    """Nobody knows whether it left: it is never sent again."""
    return replace(_move(notification, State.UNKNOWN, at, reason), due_at=None, lease_until=None)


def resend(notification: Notification, at: datetime) -> Notification:
    """Once more from the beginning, by a person's word. Raises: NoSuchMove unless it failed."""
    if notification.state is not State.FAILED:
        raise NoSuchMove(notification.state, State.RECEIVED)
    return replace(_move(notification, State.RECEIVED, at, "resent"), due_at=at)


def with_answer(notification: Notification, answer: Answer) -> Notification:
    """With the citizen's answer."""
    return replace(notification, answer=answer, version=notification.version + 1)


def leave_unconfirmed(notification: Notification, at: datetime) -> Notification:
    """The time for a receipt is over."""
    return replace(_move(notification, State.UNCONFIRMED, at, "no_receipt"), due_at=None)


def receive(
    notification: Notification, state: State, reason: str | None, at: datetime
) -> Notification:
    """What a receipt says; one that comes twice, or after a final state, changes nothing."""
    if state not in MOVES[notification.state]:
        return notification
    return replace(_move(notification, state, at, reason), due_at=None)


def _with_last(notification: Notification, **changes: Any) -> tuple[Attempt, ...]:
    *earlier, last = notification.attempts
    return (*earlier, replace(last, **changes))


def _reopened_by(occasions: Iterable[Occasion], notification: Notification) -> bool:
    something_new = any(not o.voided for o in occasions) or not notification.history
    return notification.state in UNSENT and something_new


def _move(
    notification: Notification, state: State, at: datetime, reason: str | None = None
) -> Notification:
    return _moved(notification, (state,), at, reason)


def _moved(
    notification: Notification,
    states: Iterable[State],
    at: datetime,
    reason: str | None = None,
    **changes: Any,
) -> Notification:
    """One step after another, and what changes with them; a step that says nothing new is none."""
    state, history = notification.state, notification.history
    for after in states:
        if after not in MOVES[state]:
            raise NoSuchMove(state, after)
        if not history or (history[-1].state, history[-1].reason) != (after, reason):
            history = (*history, Change(after, at, reason))
        state = after
    version = notification.version + 1
    return replace(notification, state=state, history=history, version=version, **changes)


def _due(occasion: Occasion, delay: timedelta) -> datetime:
    return max(occasion.recorded_at + delay, occasion.not_before or occasion.recorded_at)
