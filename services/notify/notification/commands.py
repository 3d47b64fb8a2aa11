"""What a citizen tells us to do by SMS, and the one SMS that confirms it: pure.

Decree 91/2020 has a refusal confirmed at once, once, and without any advert. What opens a number
again is confirmed in the same way. A refusal that was taken in person was confirmed in person.
"""

import hashlib
from dataclasses import replace
from datetime import datetime, timedelta

from services.notify.notification.notification import Answer, Notification, first
from services.notify.notification.numbers import NumberRecord
from services.notify.notification.occasions import NOBODY, About, Occasion, OccasionKind, Reason
from services.notify.notification.ordering import order_of
from services.notify.notification.transitions import join
from services.platform.ids import derived_event_id
from services.platform.vietnam.wards import CITY

CONFIRMED_WITHIN = timedelta(hours=72)
CONFIRMATIONS_A_DAY = 3
"""Of one number: two machines that answer each other come to an end."""
STOP, START = "stop", "start"
_COMMANDS = {Answer.STOP: STOP, Answer.START: START}
_DAY = timedelta(days=1)


def obeyed(number: NumberRecord, said: Answer | None, now: datetime, reply_id: str) -> NumberRecord:
    """What holds for the number from now on."""
    match said:
        case Answer.STOP:
            return replace(number, refused_at=now)
        case Answer.START:
            return replace(number, refused_at=None)
        case Answer.WRONG_NUMBER if number.asked or number.sent:
            return replace(number, wrong_since=order_of(now, reply_id))
    return number


def confirmation(
    number: NumberRecord,
    number_key: str,
    answer: Answer | None,
    meant: Notification | None,
    now: datetime,
) -> Notification | None:
    """For a command that changes what held; None where nothing is to be confirmed."""
    if answer not in _COMMANDS or not _changes(number, answer):
        return None
    if len(_of_today(number, now)) >= CONFIRMATIONS_A_DAY:
        return None
    occasion = _occasion(_COMMANDS[answer], number_key, meant, now)
    reason = Reason(occasion.citizen_id, occasion.day, About.COMMAND, occasion.detail)
    return join(first(str(reason), occasion), [occasion], timedelta(0))


def with_confirmation(
    number: NumberRecord, confirming: Notification, now: datetime
) -> NumberRecord:
    """With a confirmation that is on its way."""
    return replace(number, confirmed=_of_today(number, now) | {confirming.id: now})


def still_holds(confirming: Notification, number: NumberRecord) -> bool:
    """Nobody is told of a command that another one took back."""
    told = confirming.main_occasion
    if told.detail.startswith(STOP):
        return number.refused_at == told.at
    return number.refused_at is None


def _changes(number: NumberRecord, answer: Answer) -> bool:
    """A refusal is a new one where anything was sent since the one before."""
    if answer is Answer.START or number.refused_at is None:
        return (number.refused_at is None) is (answer is Answer.STOP)
    since = (*number.sent.values(), *number.asked.values())
    return any(at > number.refused_at for at in since)


def _occasion(command: str, number_key: str, meant: Notification | None, now: datetime) -> Occasion:
    which = hashlib.sha256(f"{number_key}/{now.timestamp()}".encode()).hexdigest()[:16]
    return Occasion(
        event_id=derived_event_id("command", which),
        citizen_id=meant.recipient_id if meant else NOBODY,
        kind=OccasionKind.COMMANDED,
        ward=meant.main_occasion.ward if meant else CITY,
        at=now,
        recorded_at=now,
        until=now + CONFIRMED_WITHIN,
        about=About.COMMAND,
        detail=f"{command}-{which}",
    )


def _of_today(number: NumberRecord, now: datetime) -> dict[str, datetime]:
    return {id_: at for id_, at in number.confirmed.items() if at > now - _DAY}
