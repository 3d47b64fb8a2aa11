"""A citizen's SMS from the provider to what it changes, in one transaction."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from services.events.envelope import Event
from services.notify.aftercare import keep
from services.notify.notification import Answer, Notification
from services.notify.replies import answered_one, counted, event_of, understood
from services.notify.transaction import (
    NOTIFICATIONS,
    NUMBERS,
    REPLIES,
    WORDS,
    LastWords,
    Numbered,
    Reply,
    Transaction,
    Words,
)
from services.notify.transitions import hear

WORDS_KEPT = timedelta(days=90)
REPEATED_WITHIN = timedelta(minutes=2)
"""A provider that got no answer delivers again within this; a citizen who writes the same later,
or after other words, means it anew."""


@dataclass(frozen=True, slots=True)
class Heard:
    """A citizen's SMS without the number, and its words sealed for a person."""

    id: str
    """Provider and the provider's id for it, else one of our own."""
    provider: str
    number_key: str
    text: str
    sealed: bytes
    words_key: str = ""
    is_named: bool = True
    """The provider tells by its id whether it says the same SMS again."""


async def take_reply(tx: Transaction, heard: Heard, now: datetime) -> None:
    """Once, however often it comes. What is said of the number holds from this instant."""
    if await tx.get(REPLIES, [heard.id]):
        return
    number = (await tx.get(NUMBERS, [heard.number_key])).get(heard.number_key, Numbered())
    if _is_repeated(heard, number.last_words, now):
        return
    number = replace(number, last_words=LastWords(heard.words_key, now))
    asked = await tx.get(NOTIFICATIONS, number.asked.keys() | number.sent.keys())
    notification = _meant(asked)
    answer = counted(understood(heard.text), answered_one(asked.values()))
    await _change(tx, heard, number, answer, notification, now)
    event = event_of(answer, notification, heard.id, now) if answer else None
    await _answer(tx, answer, notification, now)
    await tx.announce([event] if event else [])
    await tx.put(REPLIES, {heard.id: _reply(heard, answer, notification, event, now)})
    if answer is Answer.OTHER:
        await tx.put(WORDS, {heard.id: Words(heard.sealed, now + WORDS_KEPT)})


def _is_repeated(heard: Heard, last: LastWords | None, now: datetime) -> bool:
    if heard.is_named or last is None:
        return False
    return last.key == heard.words_key and now - last.at <= REPEATED_WITHIN


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
            pass
    await tx.put(NUMBERS, {heard.number_key: number})


async def _answer(
    tx: Transaction, answer: Answer | None, notification: Notification | None, now: datetime
) -> None:
    if notification is None or answer not in (Answer.RIGHT, Answer.WRONG, Answer.WRONG_NUMBER):
        return
    before, after = {notification.id: notification}, {notification.id: hear(notification, answer)}
    await keep(tx, before, after, now)


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
        ward=event.ward if event else None,
    )
