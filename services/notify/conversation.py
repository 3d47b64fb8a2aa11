"""A citizen's SMS from the provider to what it changes, in one transaction."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from services.events.envelope import Event
from services.notify.aftercare import keep
from services.notify.notification import Answer, Notification
from services.notify.replies import CITY, FEEDBACK_DUE, answered_one, counted, event_of, understood
from services.notify.transaction import (
    NOTIFICATIONS,
    NUMBERS,
    REPLIES,
    WORDS,
    Numbered,
    Reply,
    Transaction,
    Words,
)
from services.notify.transitions import hear

WORDS_KEPT = timedelta(days=90)
MOST_WORDS = 10
"""SMS of one number that a person reads together; what comes on top says nothing new."""


@dataclass(frozen=True, slots=True)
class Heard:
    """A citizen's SMS without the number, and its words sealed for a person."""

    id: str
    """Provider and the provider's id for it."""
    provider: str
    number_key: str
    text: str
    sealed: bytes


async def take_reply(tx: Transaction, heard: Heard, now: datetime) -> None:
    """Once, however often it comes. What is said of the number holds from this instant.

    Words that a person has to read are one task a number, with the first few of them.
    """
    if await tx.get(REPLIES, [heard.id]):
        return
    number = (await tx.get(NUMBERS, [heard.number_key])).get(heard.number_key, Numbered())
    asked = await tx.get(NOTIFICATIONS, number.asked.keys() | number.sent.keys())
    notification = _meant(asked)
    answer = counted(understood(heard.text), answered_one(asked.values()))
    if answer is Answer.OTHER:
        number = one_more_word(number, now)
        if number.words > MOST_WORDS:
            return
        await tx.put(NUMBERS, {heard.number_key: number})
    await _change(tx, heard, number, answer, notification, now)
    known = answer is Answer.OTHER and number.words > 1
    event = event_of(answer, notification, heard.id, now) if answer and not known else None
    await _answer(tx, answer, notification, now)
    await tx.announce([event] if event else [])
    await tx.put(REPLIES, {heard.id: _reply(heard, answer, notification, event, now)})
    if answer is Answer.OTHER:
        await tx.put(WORDS, {heard.id: Words(heard.sealed, now + WORDS_KEPT)})


def one_more_word(number: Numbered, now: datetime) -> Numbered:
    """Counted until the task that the first of them made is due. Pure."""
    if number.words_since is None or now - number.words_since >= FEEDBACK_DUE:
        return replace(number, words=1, words_since=now)
    return replace(number, words=number.words + 1)


def _meant(known: Mapping[str, Notification]) -> Notification | None:
    """What was asked; for words unasked, the newest SMS that went to the number."""
    newest = max(known.values(), key=lambda n: n.attempts[-1].at, default=None)
    return answered_one(known.values()) or newest


async def _change(
    tx: Transaction,
    heard: Heard,
    number: Numbered,
    answer: Answer | None,
    notification: Notification | None,
    now: datetime,
) -> None:
    """What holds for the number from now on, whoever is reached by it."""
    match answer:
        case Answer.STOP:
            number = replace(number, refused_at=now)
        case Answer.START:
            number = replace(number, refused_at=None)
        case Answer.WRONG_NUMBER if notification:
            brought_by = notification.attempts[-1].contact
            wrong_for = {**number.wrong_for, notification.recipient_id: brought_by}
            number = replace(number, wrong_for=wrong_for)
        case _:
            return
    await tx.put(NUMBERS, {heard.number_key: number})


async def _answer(
    tx: Transaction, answer: Answer | None, notification: Notification | None, now: datetime
) -> None:
    if notification is None or answer not in (Answer.RIGHT, Answer.WRONG, Answer.WRONG_NUMBER):
        return
    before, after = {notification.id: notification}, {notification.id: hear(notification, answer)}
    await keep(tx, before, after, now)


def _ward_of(notification: Notification | None) -> str:
    """Where somebody reads the words."""
    return notification.told.ward if notification else CITY


def _reply(
    heard: Heard,
    answer: Answer | None,
    notification: Notification | None,
    event: Event | None,
    now: datetime,
) -> Reply:
    return Reply(
        provider=heard.provider,
        answer=answer or understood(heard.text),
        at=now,
        number_key=heard.number_key,
        counts=answer is not None,
        notification_id=notification.id if notification else None,
        citizen_id=notification.recipient_id if notification else None,
        ward=event.ward if event else _ward_of(notification) if answer is Answer.OTHER else None,
    )
