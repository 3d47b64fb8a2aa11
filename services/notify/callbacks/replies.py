"""To which of our SMS a citizen answers, and what the others are told: pure."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from services.events import answers as said
from services.events.codes import DisputeKind, FeedbackTopic
from services.events.envelope import CITY_TIME, Event
from services.events.feedback import Feedback, FeedbackReceived
from services.notify.notification.announcements import SOURCE, event_ids_of
from services.notify.notification.notification import Answer, Notification
from services.notify.notification.occasions import About
from services.notify.notification.states import SENT, State
from services.platform.ids import derived_event_id
from services.platform.vietnam.wards import CITY

FEEDBACK_DUE = timedelta(days=5)
"""So long a person has to read what nobody else could understand."""
_MAY_HAVE_ARRIVED = SENT | {State.SUBMITTING}
"""A citizen may be quicker than the provider's answer, or than its being written down."""

Fields = dict[str, Any]


def counted(answer: Answer, notification: Notification | None) -> Answer | None:
    """The answer as it counts for this SMS; None: it says nothing new.

    One SMS has one answer. A second one that says something else is for a person to read.
    """
    if answer in (Answer.STOP, Answer.START):
        return answer
    if answer is Answer.OTHER or notification is None or not _asked(notification):
        return Answer.OTHER
    if notification.answer is None:
        return answer
    return None if notification.answer is answer else Answer.OTHER


def answered_one(asked: Iterable[Notification]) -> Notification | None:
    """The newest SMS that asked and may have arrived: it is the one on the phone's screen."""
    arrived = [n for n in asked if n.state in _MAY_HAVE_ARRIVED and _asked(n)]
    return max(arrived, key=lambda n: n.attempts[-1].at, default=None)


def event_of(
    answer: Answer, notification: Notification | None, reply_id: str, now: datetime
) -> Event | None:
    """What the others are told; None where nobody knows whom it concerns."""
    id_ = derived_event_id("reply", reply_id)
    if answer is Answer.OTHER:
        return _feedback(notification, id_, now)
    return _answer(answer, notification, id_, now) if notification else None


def _asked(notification: Notification) -> bool:
    return notification.last is not None and notification.last.asks


def _answer(answer: Answer, notification: Notification, id_: str, now: datetime) -> Event:
    about = _about(notification)
    common = _common(notification, id_, now)
    match answer:
        case Answer.STOP:
            return said.CitizenOptedOut(**_of_citizen(common, about), data=said.Opting(**about))
        case Answer.START:
            return said.CitizenOptedIn(**_of_citizen(common, about), data=said.Opting(**about))
        case Answer.WRONG_NUMBER:
            return _dispute(common, about, DisputeKind.WRONG_NUMBER)
    if notification.about is About.FOLLOW_UP:
        still_using = answer is Answer.RIGHT
        data = said.FollowUp(**about, still_using=still_using)
        return said.AssistanceFollowedUp(**common, data=data)
    if answer is Answer.RIGHT:
        return said.AssistanceConfirmed(**common, data=said.Answer(**about))
    return _dispute(common, about, DisputeKind.NOT_HELPED)


def _dispute(common: Fields, about: Fields, kind: DisputeKind) -> Event:
    return said.AssistanceDisputed(**common, data=said.Dispute(**about, kind=kind))


def _about(notification: Notification) -> Fields:
    return {
        "citizen_id": notification.recipient_id,
        "notification_id": notification.id,
        "event_id": notification.main_occasion.event_id,
        "events": event_ids_of(notification),
        "channel": notification.last.channel if notification.last else "sms",
    }


def _common(notification: Notification, id_: str, now: datetime) -> Fields:
    told = notification.main_occasion
    return {
        "id": id_,
        "source": SOURCE,
        "subject": told.event_id,
        "time": now,
        "recordedtime": now,
        "ward": told.ward,
        "causationid": told.event_id,
    }


def _of_citizen(common: Fields, about: Fields) -> Fields:
    return common | {"subject": about["citizen_id"]}


def _feedback(notification: Notification | None, id_: str, now: datetime) -> Event:
    due = (now + FEEDBACK_DUE).astimezone(CITY_TIME).date()
    return FeedbackReceived(
        id=id_,
        source=SOURCE,
        subject=id_,
        time=now,
        recordedtime=now,
        ward=notification.main_occasion.ward if notification else CITY,
        data=Feedback(
            topic=FeedbackTopic.SMS_REPLY,
            due=due,
            notification_id=notification.id if notification else None,
            citizen_id=notification.recipient_id if notification else None,
        ),
    )
