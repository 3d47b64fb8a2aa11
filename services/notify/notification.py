"""One SMS from its reason to its outcome: a pure state machine."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from services.events.codes import Purpose
from services.notify.states import MOVES, UNSENT, NoSuchMove, State
from services.notify.visits import EXPIRY, Visit, VisitKind


@dataclass(frozen=True, slots=True)
class Change:
    """One step of a notification's history."""

    state: State
    at: datetime
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class Attempt:
    """One try, written down before any byte leaves."""

    number: int
    provider: str
    request_id: str
    at: datetime
    template: str
    segments: int
    message_id: str | None = None
    """The provider's id for it."""
    cost_vnd: int = 0


@dataclass(frozen=True, slots=True)
class Notification:
    """All that is known of one SMS; its number and text are never part of it."""

    id: str
    reason_id: str
    citizen_id: str
    """Whose visit it was; who is told is `recipient_id`."""
    day: date
    created_at: datetime
    purpose: Purpose = Purpose.VISIT
    visits: tuple[Visit, ...] = ()
    state: State = State.RECEIVED
    due_at: datetime | None = None
    """When it is looked at again; None once nothing is to come but a receipt."""
    lease_until: datetime | None = None
    """While submitting: from then on its process counts as dead. The machine's own time."""
    attempts: tuple[Attempt, ...] = ()
    history: tuple[Change, ...] = ()
    version: int = 0

    @property
    def standing(self) -> tuple[Visit, ...]:
        """The visits that nobody took back, oldest first."""
        return tuple(sorted((v for v in self.visits if not v.voided), key=_when))

    @property
    def told(self) -> Visit:
        """The visit spoken of: the citizen's own before another's, help before a signature."""
        candidates = self.standing or tuple(sorted(self.visits, key=_when))
        return max(
            candidates, key=lambda v: (v.citizen_id == self.citizen_id, _weight(v), _when(v))
        )

    @property
    def recipient_id(self) -> str:
        """Who is told: after a correction it may be another citizen than the reason's."""
        return self.told.citizen_id

    @property
    def claims(self) -> frozenset[str]:
        """The reasons that an SMS uses up: its own, and that of the day and citizen it tells of."""
        return frozenset({self.reason_id, self.told.reason_id})

    @property
    def expires_at(self) -> datetime:
        """72 h after the last visit that stands."""
        return max(v.at for v in self.standing or self.visits) + EXPIRY

    @property
    def reason(self) -> str | None:
        """Why it stands where it stands."""
        return self.history[-1].reason if self.history else None


def notification_id(reason: str) -> str:
    """The same for the same reason, so that the database itself holds at most one."""
    return f"sms-{hashlib.sha256(reason.encode()).hexdigest()[:24]}"


def first(reason: str, visit: Visit) -> Notification:
    """A notification with a reason and no visit yet."""
    citizen_id, day, _ = reason.split("/")
    return Notification(
        id=notification_id(reason),
        reason_id=reason,
        citizen_id=citizen_id,
        day=date.fromisoformat(day),
        created_at=visit.recorded_at,
    )


def join(notification: Notification, visits: Iterable[Visit], delay: timedelta) -> Notification:
    """With further visits; while nothing was tried, the delay starts again after the last."""
    fresh = tuple(visits)
    joined = replace(
        notification, visits=notification.visits + fresh, version=notification.version + 1
    )
    if not _reopened_by(fresh, notification):
        return joined
    last = max(v.recorded_at for v in joined.standing or joined.visits)
    if not notification.history or notification.state is not State.RECEIVED:
        joined = _move(joined, State.RECEIVED, max(v.recorded_at for v in fresh))
    return replace(joined, due_at=last + delay)


def void(notification: Notification, event_ids: Iterable[str], at: datetime) -> Notification:
    """With visits taken back; one that waits for something is looked at again at once."""
    gone = set(event_ids)
    visits = tuple(
        replace(v, voided=True) if v.event_id in gone else v for v in notification.visits
    )
    due_at = notification.due_at
    if notification.state is State.DEFERRED and due_at is not None:
        due_at = min(due_at, at)
    return replace(notification, visits=visits, due_at=due_at, version=notification.version + 1)


def defer(notification: Notification, until: datetime, reason: str, at: datetime) -> Notification:
    """Looked at again then, or when what it waits for comes."""
    return replace(_move(notification, State.DEFERRED, at, reason), due_at=until)


def suppress(notification: Notification, reason: str, at: datetime) -> Notification:
    """Not sent; only a further visit of the day has it judged again."""
    return replace(_move(notification, State.SUPPRESSED, at, reason), due_at=None)


def submit(notification: Notification, attempt: Attempt, lease_until: datetime) -> Notification:
    """The write-ahead: from here on an SMS may have left."""
    ready = _move(notification, State.READY, attempt.at)
    submitting = _move(ready, State.SUBMITTING, attempt.at)
    attempts = (*notification.attempts, attempt)
    return replace(submitting, attempts=attempts, lease_until=lease_until, due_at=None)


def accept(
    notification: Notification, message_id: str, cost_vnd: int, wait: timedelta | None, at: datetime
) -> Notification:
    """A provider took it; without a receipt within `wait` it will stay unconfirmed."""
    *earlier, last = notification.attempts
    attempts = (*earlier, replace(last, message_id=message_id, cost_vnd=cost_vnd))
    accepted = _move(notification, State.ACCEPTED, at)
    due_at = at + wait if wait is not None else None
    return replace(accepted, attempts=attempts, lease_until=None, due_at=due_at)


def retry(notification: Notification, due_at: datetime, reason: str, at: datetime) -> Notification:
    """Surely not accepted, and worth another attempt."""
    return replace(_move(notification, State.RETRY_AT, at, reason), due_at=due_at, lease_until=None)


def fail(notification: Notification, reason: str, at: datetime) -> Notification:
    """Surely not accepted, and not worth another attempt."""
    return replace(_move(notification, State.FAILED, at, reason), due_at=None, lease_until=None)


def lose(notification: Notification, reason: str, at: datetime) -> Notification:
    """Nobody knows whether it left: it is never sent again."""
    return replace(_move(notification, State.UNKNOWN, at, reason), due_at=None, lease_until=None)


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


def _reopened_by(visits: Iterable[Visit], notification: Notification) -> bool:
    something_new = any(not v.voided for v in visits) or not notification.history
    return notification.state in UNSENT and something_new


def _move(
    notification: Notification, state: State, at: datetime, reason: str | None = None
) -> Notification:
    if state not in MOVES[notification.state]:
        raise NoSuchMove(notification.state, state)
    history = notification.history
    if not history or (history[-1].state, history[-1].reason) != (state, reason):
        history = (*history, Change(state, at, reason))
    return replace(notification, state=state, history=history, version=notification.version + 1)


def _when(visit: Visit) -> tuple[datetime, str]:
    return visit.at, visit.event_id


def _weight(visit: Visit) -> bool:
    return visit.kind is VisitKind.ASSISTED
