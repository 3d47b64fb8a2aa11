"""What became of an attempt, by the provider's answer or by its silence."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

from services.notify.ledger.ledger import Transaction
from services.notify.ledger.receipts import own_receipts, receipt_key, said_of, with_receipts
from services.notify.ledger.records import NOTIFICATIONS, RECEIVED, Received
from services.notify.ledger.unit_of_work import save
from services.notify.notification.notification import Notification
from services.notify.notification.states import State
from services.notify.notification.transitions import (
    accept,
    doubt,
    fail,
    leave_unconfirmed,
    lose,
    retry,
)
from services.notify.providers.provider import (
    HELD_BACK,
    Accepted,
    Outcome,
    SurelyNotAccepted,
    Unknown,
)
from services.notify.routing.choice import BUSY, ProviderTraits
from services.notify.sending.refunds import RefusedAttempt, UsedQuota, refund

_NO_TRIES = frozenset({BUSY, HELD_BACK.reason})
"""Refusals that say nothing of the SMS: they do not count."""


@dataclass(frozen=True, slots=True)
class RetryPolicy:
    """How long, and how often."""

    attempts: int = 5
    first_retry: timedelta = timedelta(seconds=30)
    failover: timedelta = timedelta(seconds=1)
    """Where another provider can take it."""
    receipt_wait: timedelta = timedelta(hours=72)


class SubmissionResult(NamedTuple):
    """A provider's answer to one attempt."""

    request_id: str
    outcome: Outcome
    notification: Notification
    """As it was written ahead."""
    by: ProviderTraits = ProviderTraits()
    counted: UsedQuota | None = None
    """What is given back where it surely did not leave."""

    @property
    def refused(self) -> bool:
        """For now, or for good."""
        return isinstance(self.outcome, SurelyNotAccepted)


async def settle(
    tx: Transaction, answers: Sequence[SubmissionResult], *, policy: RetryPolicy, now: datetime
) -> None:
    """Writes down what the provider answered, and the receipts that were quicker."""
    known = await tx.unchanged([answer.notification for answer in answers])
    keys = [_keys(answer) if answer.by.gives_receipts else [] for answer in answers]
    received = await tx.get(RECEIVED, {key for each in keys for key in each})
    after, linked = dict[str, Notification](), dict[str, Received]()
    for answer, kept_under in zip(answers, keys, strict=True):
        before = known[answer.notification.id]
        step = _answered(before, answer, policy, now)
        own = {key: own_receipts(received.get(key, Received()), before.id) for key in kept_under}
        said = said_of(step, [*own.values()], own)
        after[before.id] = with_receipts(step, said, now)
        if isinstance(answer.outcome, Accepted):
            theirs = kept_under[1:]
            linked |= {key: Received(before.id, own[key].receipts) for key in theirs}
    await tx.put(RECEIVED, linked)
    await refund(tx, _turned_away(answers, known, after))
    await save(tx, known, after, now)


def _turned_away(
    answers: Sequence[SubmissionResult],
    before: Mapping[str, Notification],
    after: Mapping[str, Notification],
) -> Iterable[RefusedAttempt]:
    """One whose answer came too late was given up, and stays counted."""
    for answer in answers:
        id_ = answer.notification.id
        if answer.counted and answer.refused and after[id_] is not before[id_]:
            yield RefusedAttempt(after[id_], answer.counted)


async def give_up(
    tx: Transaction, ids: Sequence[str], repeating: Collection[str], at: datetime, now: datetime
) -> None:
    """Attempts whose process died: nobody knows whether they left. `at` is the machine's time.

    Those at providers that recognise a repetition, `repeating`, are shown to them again.
    """
    known = await tx.get(NOTIFICATIONS, ids)
    dead = {id_: n for id_, n in known.items() if n.lease_until and n.lease_until <= at}
    keys = {id_: receipt_key(_provider(n), n.attempts[-1].request_id) for id_, n in dead.items()}
    received = await tx.get(RECEIVED, keys.values())
    after = {
        id_: with_receipts(
            _left_open(n, "process_died", repeats=_provider(n) in repeating, due=now, now=now),
            [received.get(keys[id_], Received())],
            now,
        )
        for id_, n in dead.items()
    }
    await save(tx, known, after, now)


async def close_unconfirmed(tx: Transaction, ids: Sequence[str], now: datetime) -> None:
    """Accepted ones for which no receipt came in time."""
    known = await tx.get(NOTIFICATIONS, ids)
    over = {
        id_: leave_unconfirmed(n, now)
        for id_, n in known.items()
        if n.state is State.ACCEPTED and n.due_at and n.due_at <= now
    }
    await save(tx, known, over, now)


def _provider(notification: Notification) -> str:
    return notification.attempts[-1].provider


def _keys(answer: SubmissionResult) -> list[str]:
    """Our id for it, and the provider's where there are any."""
    ids = [answer.request_id]
    if isinstance(answer.outcome, Accepted):
        ids += [*answer.outcome.parts[:-1], answer.outcome.message_id]
    return [receipt_key(_provider(answer.notification), id_) for id_ in ids]


def _answered(
    notification: Notification, answer: SubmissionResult, policy: RetryPolicy, now: datetime
) -> Notification:
    """An answer that comes after its lease ended may still tell that the SMS was accepted."""
    last = notification.attempts[-1]
    if last.request_id != answer.request_id:
        return notification
    in_time = notification.state is State.SUBMITTING
    match answer.outcome:
        case Accepted(message_id, cost, parts) if in_time or notification.state is State.UNKNOWN:
            wait = policy.receipt_wait if answer.by.gives_receipts else None
            cost_vnd = cost or last.segments * answer.by.price_vnd
            return accept(notification, message_id, cost_vnd, wait, now, parts)
        case SurelyNotAccepted() as refusal if in_time:
            return _refused(notification, refusal, answer.by, policy, now)
        case Unknown(reason) if in_time:
            due = now + policy.first_retry
            repeats = answer.by.recognises_repeats
            return _left_open(notification, reason, repeats=repeats, due=due, now=now)
    return notification


def _left_open(
    notification: Notification, reason: str, *, repeats: bool, due: datetime, now: datetime
) -> Notification:
    return doubt(notification, due, reason, now) if repeats else lose(notification, reason, now)


def _refused(
    notification: Notification,
    refusal: SurelyNotAccepted,
    by: ProviderTraits,
    policy: RetryPolicy,
    now: datetime,
) -> Notification:
    tried = 1 + sum(
        change.state is State.RETRY_AT and change.reason not in _NO_TRIES
        for change in notification.history
    )
    if refusal.retryable and notification.repeats:
        return _still_open(notification, refusal, policy, tried, now)
    if not refusal.retryable or tried >= policy.attempts:
        return fail(notification, refusal.reason, now)
    if refusal == HELD_BACK:
        return retry(notification, now, refusal.reason, now)
    wait = policy.failover if by.has_alternative else policy.first_retry * 2 ** (tried - 1)
    if refusal.retry_after_s and not by.has_alternative:
        wait = max(wait, timedelta(seconds=refusal.retry_after_s))
    return retry(notification, now + wait, refusal.reason, now)


def _still_open(
    notification: Notification,
    refusal: SurelyNotAccepted,
    policy: RetryPolicy,
    tried: int,
    now: datetime,
) -> Notification:
    """The repetition did not leave, and nothing was learnt of the attempt that it repeats."""
    if tried >= policy.attempts:
        return lose(notification, refusal.reason, now)
    wait = policy.first_retry * 2 ** (tried - 1)
    return doubt(notification, now + wait, refusal.reason, now)
