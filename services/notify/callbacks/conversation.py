"""A citizen's SMS from the provider to what it changes, in one transaction."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from services.events.envelope import Event
from services.notify.callbacks.replies import FEEDBACK_DUE, answered_one, counted, event_of
from services.notify.callbacks.reply_reading import with_unread_reply
from services.notify.callbacks.understanding import understood
from services.notify.ledger.ledger import Transaction
from services.notify.ledger.records import (
    ANSWERED_WITHIN,
    NOTIFICATIONS,
    NUMBERS,
    REPLIES,
    SEALED_TEXTS,
    SENDERS,
    Reply,
    SealedText,
    Sender,
)
from services.notify.ledger.unit_of_work import save
from services.notify.notification.commands import (
    CONFIRMED_WITHIN,
    confirmation,
    obeyed,
    with_confirmation,
)
from services.notify.notification.notification import Answer, Notification
from services.notify.notification.numbers import LastText, NumberRecord
from services.notify.notification.transitions import with_answer
from services.platform.vietnam.wards import CITY

TEXT_RETENTION = timedelta(days=90)
REPEATED_WITHIN = timedelta(minutes=2)
"""A provider that got no answer delivers again within this; a citizen who writes the same later,
or after other words, means it anew."""
MOST_WORDS = 10
"""SMS of one number that a person reads together; what comes on top says nothing new."""


@dataclass(frozen=True, slots=True)
class SealedReply:
    """A citizen's SMS without the number, and its words sealed for a person."""

    id: str
    """Provider and the provider's id for it, else one of our own."""
    provider: str
    number_key: str
    text: str
    sealed: bytes
    sender: bytes = b""
    """The number, sealed like the words; kept for as long as a confirmation may take."""
    words_key: str = ""
    is_named: bool = True
    """The provider tells by its id whether it says the same SMS again."""
    prefix: str = ""
    """By which a shared short number knows that the SMS is for us."""

    @property
    def says(self) -> Answer:
        """As far as it is understood."""
        return understood(self.text, self.prefix)


async def record_reply(tx: Transaction, heard: SealedReply, now: datetime) -> None:
    """Once, however often it comes. What is said of the number holds from this instant.

    Words that a person has to read are one task a number, with the first few of them.
    """
    if await tx.get(REPLIES, [heard.id]):
        return
    number = (await tx.get(NUMBERS, [heard.number_key])).get(heard.number_key, NumberRecord())
    if _is_repeated(heard, number.last_words, now):
        return
    number = replace(number, last_words=LastText(heard.words_key, now))
    asked = await tx.get(NOTIFICATIONS, _remembered(number, now))
    notification = _meant(asked)
    answer = counted(heard.says, answered_one(asked.values()))
    waits = answer is Answer.OTHER and number.unread
    if answer is Answer.OTHER:
        number = one_more_word(number, now)
    if waits and number.words > MOST_WORDS:
        await tx.put(NUMBERS, {heard.number_key: obeyed(number, heard.says, now, heard.id)})
        return
    await _change(tx, heard, number, answer, now)
    await _confirm(tx, heard, number, answer, notification, now)
    known = waits and number.words > 1
    event = event_of(answer, notification, heard.id, now) if answer and not known else None
    await _answer(tx, answer, notification, now)
    await tx.announce([event] if event else [])
    await tx.put(REPLIES, {heard.id: _reply(heard, answer, notification, event, now)})
    if answer is Answer.OTHER:
        await tx.put(SEALED_TEXTS, {heard.id: SealedText(heard.sealed, now + TEXT_RETENTION)})


def _remembered(number: NumberRecord, now: datetime) -> set[str]:
    """Nobody knows any more what an SMS of weeks ago asked, nor whose the number is by now."""
    told = (*number.asked.items(), *number.sent.items())
    return {id_ for id_, at in told if at > now - ANSWERED_WITHIN}


def _is_repeated(heard: SealedReply, last: LastText | None, now: datetime) -> bool:
    if heard.is_named or last is None:
        return False
    return last.key == heard.words_key and now - last.at <= REPEATED_WITHIN


def one_more_word(number: NumberRecord, now: datetime) -> NumberRecord:
    """Counted until the task that the first of them made is due. Pure."""
    if number.words_since is None or now - number.words_since >= FEEDBACK_DUE:
        return replace(number, words=1, words_since=now)
    return replace(number, words=number.words + 1)


def _meant(known: Mapping[str, Notification]) -> Notification | None:
    """What was asked; for words unasked, the newest SMS that went to the number."""
    newest = max(known.values(), key=lambda n: n.attempts[-1].at, default=None)
    return answered_one(known.values()) or newest


async def _change(
    tx: Transaction, heard: SealedReply, number: NumberRecord, answer: Answer | None, now: datetime
) -> None:
    """What holds for the number from now on, whoever is reached by it.

    So it holds also where the SMS that it answers has its answer, is long ago, or is another's.
    """
    changed = obeyed(number, heard.says, now, heard.id)
    if answer is Answer.OTHER:
        changed = with_unread_reply(changed, heard.id)
    await tx.put(NUMBERS, {heard.number_key: changed})


async def _confirm(
    tx: Transaction,
    heard: SealedReply,
    number: NumberRecord,
    answer: Answer | None,
    notification: Notification | None,
    now: datetime,
) -> None:
    """`number` as it was before."""
    confirming = confirmation(number, heard.number_key, answer, notification, now)
    if confirming is None:
        return
    confirming = replace(confirming, via=heard.provider)
    sender = Sender(heard.id, heard.number_key, heard.sender, now + CONFIRMED_WITHIN)
    changed = obeyed(number, answer, now, heard.id)
    await tx.put(NUMBERS, {heard.number_key: with_confirmation(changed, confirming, now)})
    await tx.put(SENDERS, {confirming.id: sender})
    await save(tx, {}, {confirming.id: confirming}, now)


async def _answer(
    tx: Transaction, answer: Answer | None, notification: Notification | None, now: datetime
) -> None:
    if notification is None or answer not in (Answer.RIGHT, Answer.WRONG, Answer.WRONG_NUMBER):
        return
    before, after = (
        {notification.id: notification},
        {notification.id: with_answer(notification, answer)},
    )
    await save(tx, before, after, now)


def _ward_of(notification: Notification | None) -> str:
    """Where somebody reads the words."""
    return notification.main_occasion.ward if notification else CITY


def _reply(
    heard: SealedReply,
    answer: Answer | None,
    notification: Notification | None,
    event: Event | None,
    now: datetime,
) -> Reply:
    return Reply(
        provider=heard.provider,
        answer=answer or heard.says,
        at=now,
        number_key=heard.number_key,
        counts=answer is not None,
        notification_id=notification.id if notification else None,
        citizen_id=notification.recipient_id if notification else None,
        ward=event.ward if event else _ward_of(notification) if answer is Answer.OTHER else None,
    )
