"""What citizens answered to SMS, and how many of those that reached them were answered."""

from collections.abc import Sequence

from services.events.answers import AssistanceDisputed, AssistanceFollowedUp
from services.events.envelope import Event
from services.events.feedback import FeedbackReceived
from services.reporting.definitions.labels import PURPOSE
from services.reporting.definitions.measure import Fact, Measure, Point
from services.reporting.measures.notifications import furthest
from services.reporting.measures.sms import ANSWERS, FORWARD, SMS, SMS_ANSWER, SmsAnswer, SmsStatus


def _told(event: Event) -> str:
    match event:
        case AssistanceDisputed(data=dispute):
            return dispute.kind
        case AssistanceFollowedUp(data=follow_up):
            return SmsAnswer.STILL_USING if follow_up.still_using else SmsAnswer.STOPPED_USING
        case FeedbackReceived():
            return SmsAnswer.FEEDBACK
        case _:
            return event.type.split(".")[1]


def _sms(history: Sequence[Fact]) -> Point | None:
    told = [fact for fact in history if isinstance(fact.event, FORWARD)]
    return furthest(told) if told else None


def _answers(history: Sequence[Fact]) -> list[Point]:
    """Each answer on its own day, under the purpose of the SMS where that is known."""
    sms = _sms(history)
    purpose = sms.codes[0] if sms else ""
    return [
        Point(f.day, (purpose, _told(f.event))) for f in history if isinstance(f.event, ANSWERS)
    ]


def _answered(history: Sequence[Fact]) -> list[Point]:
    """On the day of the SMS, and delivered ones alone: so the share is one of those delivered."""
    sms = _sms(history)
    if sms is None or not any(isinstance(fact.event, ANSWERS) for fact in history):
        return []
    purpose, status = sms.codes
    return [Point(sms.day, (purpose,))] if status == SmsStatus.DELIVERED else []


SMS_ANSWERS = Measure("sms_answers", (PURPOSE, SMS_ANSWER), SMS.on, SMS, _answers)
SMS_ANSWERED = Measure("sms_answered", (PURPOSE,), SMS.on, SMS, _answered)
