"""Replies that only a person understands: until one was read, no advert goes to its number."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal

from services.notify.callbacks.replies import event_of
from services.notify.ledger.ledger import Transaction
from services.notify.ledger.records import NOTIFICATIONS, NUMBERS, REPLIES, Reply
from services.notify.notification.notification import Answer
from services.notify.notification.numbers import NumberRecord

AT_MOST = 100
"""Of one number; who writes more is answered by whoever reads the newest."""

Meaning = Literal[Answer.STOP, Answer.OTHER]
"""What a person may find in it: a refusal, or nothing that changes what holds."""


@dataclass(frozen=True, slots=True)
class ReplyReading:
    """One reply as a person understood it."""

    reply_id: str
    means: Meaning
    by: str


def with_unread_reply(number: NumberRecord, reply_id: str) -> NumberRecord:
    """One more that waits to be read."""
    return replace(number, unread=(*number.unread, reply_id)[-AT_MOST:])


async def read_by_person(tx: Transaction, reading: ReplyReading, now: datetime) -> None:
    """A refusal holds from now on, as if it had been understood at once; once, however often."""
    reply = (await tx.get(REPLIES, [reading.reply_id])).get(reading.reply_id)
    if reply is None or reply.read_at or reply.answer is not Answer.OTHER:
        return
    number = (await tx.get(NUMBERS, [reply.number_key])).get(reply.number_key, NumberRecord())
    await tx.put(NUMBERS, {reply.number_key: _read(number, reading, now)})
    await tx.put(REPLIES, {reading.reply_id: replace(reply, read_by=reading.by, read_at=now)})
    await _tell(tx, reading, reply, now)


def _read(number: NumberRecord, reading: ReplyReading, now: datetime) -> NumberRecord:
    rest = tuple(id_ for id_ in number.unread if id_ != reading.reply_id)
    refused_at = now if reading.means is Answer.STOP else number.refused_at
    return replace(number, unread=rest, refused_at=refused_at)


async def _tell(tx: Transaction, reading: ReplyReading, reply: Reply, now: datetime) -> None:
    if reading.means is not Answer.STOP or reply.notification_id is None:
        return
    known = (await tx.get(NOTIFICATIONS, [reply.notification_id])).get(reply.notification_id)
    event = event_of(Answer.STOP, known, f"read/{reading.reply_id}", now) if known else None
    await tx.announce([event] if event else [])
