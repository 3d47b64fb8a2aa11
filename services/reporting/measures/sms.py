"""The SMS as what has a life: how far it came, and what was answered to it."""

from typing import TypeAlias, cast

from services.events.answers import (
    AssistanceConfirmed,
    AssistanceDisputed,
    AssistanceFollowedUp,
    CitizenOptedIn,
    CitizenOptedOut,
)
from services.events.codes import Code, DisputeKind
from services.events.envelope import Event
from services.events.feedback import FeedbackReceived
from services.events.notifications import (
    NotificationDelivered,
    NotificationFailed,
    NotificationSent,
    NotificationSuppressed,
    NotificationUnconfirmed,
)
from services.reporting.definitions.label import Label
from services.reporting.definitions.measure import Fact, Life


class SmsStatus(Code):
    """How far an SMS came."""

    SENT = "sent", "Đã gửi, chờ báo nhận", "Sent, no receipt yet"
    DELIVERED = "delivered", "Đã tới máy", "Delivered"
    FAILED = "failed", "Không tới", "Failed"
    SUPPRESSED = "suppressed", "Không gửi", "Not sent"
    UNCONFIRMED = "unconfirmed", "Chưa xác nhận", "Unconfirmed"


class SmsAnswer(Code):
    """What a citizen answered."""

    CONFIRMED = "confirmed", "Xác nhận có hỗ trợ", "Confirmed"
    NOT_HELPED = DisputeKind.NOT_HELPED.value, DisputeKind.NOT_HELPED.vi, DisputeKind.NOT_HELPED.en
    WRONG_NUMBER = (
        DisputeKind.WRONG_NUMBER.value,
        DisputeKind.WRONG_NUMBER.vi,
        DisputeKind.WRONG_NUMBER.en,
    )
    STILL_USING = "still_using", "Vẫn đang dùng", "Still using"
    STOPPED_USING = "stopped_using", "Không còn dùng", "No longer using"
    FEEDBACK = "feedback", "Ý kiến khác", "Something else"
    OPTED_OUT = "opted_out", "Từ chối nhận tin", "Opted out"
    OPTED_IN = "opted_in", "Nhận tin trở lại", "Opted in again"


SMS_STATUS = Label("sms_status", SmsStatus)
SMS_REASON = Label("sms_reason")
SMS_ANSWER = Label("sms_answer", SmsAnswer)

FORWARD: tuple[type[Event], ...] = (
    NotificationSuppressed,
    NotificationSent,
    NotificationUnconfirmed,
    NotificationFailed,
    NotificationDelivered,
)
"""A status only moves forward, in whatever order receipts come in."""
Answer: TypeAlias = (
    AssistanceConfirmed
    | AssistanceDisputed
    | AssistanceFollowedUp
    | FeedbackReceived
    | CitizenOptedOut
    | CitizenOptedIn
)
ANSWERS: tuple[type[Event], ...] = (
    AssistanceConfirmed,
    AssistanceDisputed,
    AssistanceFollowedUp,
    FeedbackReceived,
    CitizenOptedOut,
    CitizenOptedIn,
)


def _of_sms(fact: Fact) -> tuple[str, ...]:
    """An SMS with its answers; what answers none stands by itself."""
    if isinstance(fact.event, FORWARD):
        return (fact.event.subject,)
    return (cast(Answer, fact.event).data.notification_id or fact.id,)


SMS = Life("sms", (*FORWARD, *ANSWERS), _of_sms)
