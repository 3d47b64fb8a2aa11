"""What became of an attempt, by the provider's answer, by its receipts or by its silence."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from services.notify.announcements import announcements
from services.notify.drafts import notification_of
from services.notify.notification import (
    Notification,
    accept,
    fail,
    leave_unconfirmed,
    lose,
    receive,
    retry,
)
from services.notify.providers.provider import Accepted, Outcome, SurelyNotAccepted, Unknown
from services.notify.states import State
from services.notify.transaction import (
    NOTIFICATIONS,
    RECEIVED,
    Receipt,
    Received,
    Transaction,
)


@dataclass(frozen=True, slots=True)
class Patience:
    """How long, and how often."""

    attempts: int = 5
    first_retry: timedelta = timedelta(seconds=30)
    receipt_wait: timedelta = timedelta(hours=72)


@dataclass(frozen=True, slots=True)
class Answered:
    """A provider's answer to one attempt."""

    request_id: str
    outcome: Outcome


async def settle(
    tx: Transaction,
    answers: Sequence[Answered],
    *,
    receipts: bool,
    patience: Patience,
    now: datetime,
) -> None:
    """Writes down what the provider answered, and the receipts that were quicker."""
    known = await tx.get(NOTIFICATIONS, [notification_of(a.request_id) for a in answers])
    keys = {key for a in answers for key in _keys(known[notification_of(a.request_id)], a)}
    received = await tx.get(RECEIVED, keys) if receipts else {}
    after, linked = {}, {}
    for answer in answers:
        before = known[notification_of(answer.request_id)]
        step = _answered(before, answer, receipts, patience, now)
        found = [received.get(key, Received()) for key in _keys(before, answer)]
        after[before.id] = _with_receipts(step, found, now)
        if receipts and isinstance(answer.outcome, Accepted):
            key = receipt_key(before.attempts[-1].provider, answer.outcome.message_id)
            linked[key] = replace(received.get(key, Received()), notification_id=before.id)
    await tx.put(RECEIVED, linked)
    await _keep(tx, known, after)


async def give_up(tx: Transaction, ids: Sequence[str], at: datetime, now: datetime) -> None:
    """Attempts whose process died: nobody knows whether they left. `at` is the machine's time."""
    known = await tx.get(NOTIFICATIONS, ids)
    dead = {id_: n for id_, n in known.items() if n.lease_until and n.lease_until <= at}
    keys = {
        id_: receipt_key(n.attempts[-1].provider, n.attempts[-1].request_id)
        for id_, n in dead.items()
    }
    received = await tx.get(RECEIVED, keys.values())
    after = {
        id_: _with_receipts(
            lose(n, "process_died", now), [received.get(keys[id_], Received())], now
        )
        for id_, n in dead.items()
    }
    await _keep(tx, known, after)


async def close_unconfirmed(tx: Transaction, ids: Sequence[str], now: datetime) -> None:
    """Accepted ones for which no receipt came in time."""
    known = await tx.get(NOTIFICATIONS, ids)
    over = {
        id_: leave_unconfirmed(n, now)
        for id_, n in known.items()
        if n.state is State.ACCEPTED and n.due_at and n.due_at <= now
    }
    await _keep(tx, known, over)


async def take_receipt(
    tx: Transaction, provider: str, message_id: str, request_id: str | None, receipt: Receipt
) -> None:
    """Keeps a receipt whatever it is for, and moves its notification forward where it can.

    The notification is written even where nothing moves: the provider's answer may be under way
    in another transaction, and one of the two must see the other.
    """
    keys = [receipt_key(provider, id_) for id_ in (message_id, request_id) if id_]
    known = await tx.get(RECEIVED, keys)
    named = {known[key].notification_id for key in keys if key in known} - {None}
    id_ = next((n for n in named if n), notification_of(request_id or ""))
    stored = {key: _and(known.get(key, Received()), receipt) for key in keys}
    await tx.put(RECEIVED, stored)
    found = await tx.get(NOTIFICATIONS, [id_])
    after = {
        k: _touched(_with_receipts(n, [Received(k, (receipt,))], receipt.at))
        for k, n in found.items()
    }
    await _keep(tx, found, after)


def receipt_key(provider: str, id_: str) -> str:
    """Receipts are kept by (provider, the provider's id or ours)."""
    return f"{provider}/{id_}"


def _keys(notification: Notification, answer: Answered) -> list[str]:
    provider = notification.attempts[-1].provider
    ids = [answer.request_id]
    if isinstance(answer.outcome, Accepted):
        ids.append(answer.outcome.message_id)
    return [receipt_key(provider, id_) for id_ in ids]


def _answered(
    notification: Notification, answer: Answered, receipts: bool, patience: Patience, now: datetime
) -> Notification:
    """An answer that comes after its lease ended may still tell that the SMS was accepted."""
    if notification.attempts[-1].request_id != answer.request_id:
        return notification
    in_time = notification.state is State.SUBMITTING
    match answer.outcome:
        case Accepted(message_id, cost) if in_time or notification.state is State.UNKNOWN:
            wait = patience.receipt_wait if receipts else None
            return accept(notification, message_id, cost, wait, now)
        case SurelyNotAccepted() as refusal if in_time:
            return _refused(notification, refusal, patience, now)
        case Unknown(reason) if in_time:
            return lose(notification, reason, now)
    return notification


def _refused(
    notification: Notification, refusal: SurelyNotAccepted, patience: Patience, now: datetime
) -> Notification:
    tried = len(notification.attempts)
    if not refusal.retryable or tried >= patience.attempts:
        return fail(notification, refusal.reason, now)
    wait = patience.first_retry * 2 ** (tried - 1)
    if refusal.retry_after_s:
        wait = max(wait, timedelta(seconds=refusal.retry_after_s))
    return retry(notification, now + wait, refusal.reason, now)


def _with_receipts(
    notification: Notification, found: Sequence[Received], now: datetime
) -> Notification:
    for received in found:
        for receipt in received.receipts:
            notification = receive(notification, receipt.state, receipt.reason, now)
    return notification


def _and(received: Received, receipt: Receipt) -> Received:
    if any(r.state is receipt.state for r in received.receipts):
        return received
    return replace(received, receipts=(*received.receipts, receipt))


def _touched(notification: Notification) -> Notification:
    return replace(notification, version=notification.version + 1)


async def _keep(
    tx: Transaction, before: dict[str, Notification], after: dict[str, Notification]
) -> None:
    await tx.put(NOTIFICATIONS, after)
    await tx.announce([e for id_, n in after.items() for e in announcements(before[id_], n)])
