"""What follows an SMS about a visit: a correction if it was wrong, a question two weeks later."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from services.notify.notification.notification import Answer, Notification, first, ids_telling
from services.notify.notification.occasions import About, Occasion, Reason
from services.notify.notification.states import JUDGEABLE, SENT, UNSENT, State
from services.notify.notification.transitions import restate, suppress

CORRECTION_WAIT = timedelta(minutes=30)
"""What replaces a voided event is often recorded right after it."""
CORRECTION_EXPIRY = timedelta(hours=72)
FOLLOW_UP_AFTER = timedelta(days=14)
FOLLOW_UP_EXPIRY = timedelta(days=17)
_DISPUTED = frozenset({Answer.WRONG, Answer.WRONG_NUMBER})

Notifications = Mapping[str, Notification]


def followers(
    notification: Notification, known: Notifications, now: datetime
) -> Iterable[Notification]:
    """Those of an SMS about a visit that change with it; `known` are those that exist."""
    correction, follow_up = (known.get(id_) for id_ in follower_ids(notification))
    if notification.state is State.UNDELIVERED:
        yield from _uncalled_for(correction, now)
        return
    yield from _correction(notification, correction, now)
    yield from _follow_up(notification, follow_up, now)


def may_be_followed(before: Notification | None, after: Notification) -> bool:
    """Where nothing was taken back and nothing asked, nothing is read: the way of nearly all."""
    if after.about is not About.VISIT or after.last is None:
        return False
    if after.state is State.UNDELIVERED:
        return before is not None and before.state in SENT and _was_wrong(after)
    if after.state not in SENT:
        return False
    changed = before is None or (before.occasions, before.answer) != (
        after.occasions,
        after.answer,
    )
    was_sent = before is not None and before.state in SENT
    return changed or (not was_sent and (after.last.asks or _was_wrong(after)))


def follower_ids(notification: Notification) -> list[str]:
    """The correction, and the question."""
    return ids_telling(notification.reason_id)[1:]


def _was_wrong(notification: Notification) -> bool:
    """What it told was taken back."""
    told = notification.last.event_id if notification.last else ""
    return any(o.event_id == told and o.voided for o in notification.occasions)


def _correction(
    notification: Notification, known: Notification | None, now: datetime
) -> Iterable[Notification]:
    """One at most; who disputed the visit is told the outcome instead."""
    if notification.answer in _DISPUTED or not (known or _was_wrong(notification)):
        return
    correction = known or _follower(notification, About.CORRECTION, now)
    if correction.state in UNSENT:
        until = now + CORRECTION_EXPIRY
        occasions = [replace(o, until=until) for o in notification.occasions]
        yield restate(correction, occasions, now + CORRECTION_WAIT, now)


def _uncalled_for(correction: Notification | None, now: datetime) -> Iterable[Notification]:
    """Nobody is told that what never reached them was wrong."""
    if correction and correction.state in JUDGEABLE and correction.unsettled is None:
        yield suppress(correction, "never_arrived", now)


def _follow_up(
    notification: Notification, known: Notification | None, now: datetime
) -> Iterable[Notification]:
    """Only where the first SMS asked: without a number to answer to nothing is asked."""
    if notification.last is None or not notification.last.asks:
        return
    follow_up = known or _follower(notification, About.FOLLOW_UP, now)
    occasions = [_later(o, notification) for o in notification.occasions]
    if follow_up.state in UNSENT and tuple(occasions) != follow_up.occasions:
        yield restate(follow_up, occasions, notification.main_occasion.at + FOLLOW_UP_AFTER, now)


def _later(occasion: Occasion, notification: Notification) -> Occasion:
    """Nobody is asked about a visit that he says did not happen."""
    disputed = notification.answer in _DISPUTED
    return replace(
        occasion, until=occasion.at + FOLLOW_UP_EXPIRY, voided=occasion.voided or disputed
    )


def _follower(notification: Notification, about: About, now: datetime) -> Notification:
    reason = str(Reason.read(notification.reason_id)._replace(about=about))
    follower = replace(first(reason, notification.main_occasion), created_at=now)
    if about is About.CORRECTION and notification.last:
        return replace(follower, corrects=notification.last.event_id)
    return follower
