"""SMS to citizens, ward by ward: how far they came, what they cost, and what was answered."""

from services.reporting.measures.answers import SMS_ANSWERED, SMS_ANSWERS
from services.reporting.measures.notifications import NOTIFICATIONS, SMS_COST_VND, SMS_SEGMENTS
from services.reporting.report import Number, Ratio, Report, Row, Share, Value
from services.reporting.reports import numbers as n

ALL = Number("sms", "SMS", "SMS", (NOTIFICATIONS,))
SEGMENTS = Number("segments", "Số đoạn tin", "Segments", (SMS_SEGMENTS,))
COST = Number("cost_vnd", "Chi phí (đồng)", "Cost (VND)", (SMS_COST_VND,))
DELIVERED_SHARE = Ratio(
    "delivered_share",
    "Tỷ lệ tới máy",
    "Share delivered",
    n.SMS_DELIVERED,
    ALL,
    "SMS của cùng kỳ, kể cả không gửi",
    "SMS of the same period, also those not sent",
)


def _answer(answer: str, name: str, vi: str, en: str) -> Number:
    return Number(name, vi, en, (SMS_ANSWERS,), only={"answer": answer})


ANSWERS = (
    _answer("confirmed", "confirmed", "Xác nhận có hỗ trợ", "Confirmed"),
    _answer("not_helped", "disputed_not_helped", "Báo không được hỗ trợ", "Disputed: not helped"),
    _answer("wrong_number", "disputed_wrong_number", "Báo nhầm số", "Disputed: wrong number"),
    _answer("still_using", "still_using", "Vẫn đang dùng", "Still using"),
    _answer("stopped_using", "stopped_using", "Không còn dùng", "No longer using"),
    _answer("feedback", "feedback", "Ý kiến khác", "Something else"),
    _answer("opted_out", "opted_out", "Từ chối nhận tin", "Opted out"),
    _answer("opted_in", "opted_in", "Nhận tin trở lại", "Opted in again"),
)
ANSWERED = Number(
    "answered", "SMS tới máy có trả lời", "SMS delivered and answered", (SMS_ANSWERED,)
)
ANSWERED_SHARE = Ratio(
    "answered_share",
    "Tỷ lệ có trả lời",
    "Share answered",
    ANSWERED,
    n.SMS_DELIVERED,
    "SMS của cùng kỳ đã tới máy",
    "SMS of the same period that were delivered",
)


class NotificationsRow(Row):
    """SMS by the furthest status that is known, on the day of their first; answers on their own."""

    sms: Value
    sms_sent: Value
    sms_delivered: Value
    sms_failed: Value
    sms_suppressed: Value
    sms_unconfirmed: Value
    delivered_share: Share
    segments: Value
    cost_vnd: Value
    confirmed: Value
    disputed_not_helped: Value
    disputed_wrong_number: Value
    still_using: Value
    stopped_using: Value
    feedback: Value
    opted_out: Value
    opted_in: Value
    answered: Value
    answered_share: Share


REPORT = Report(
    "notifications",
    "Tin nhắn SMS",
    "SMS",
    NotificationsRow,
    (ALL, *n.SMS, DELIVERED_SHARE, SEGMENTS, COST, *ANSWERS, ANSWERED, ANSWERED_SHARE),
    by=("ward", "purpose"),
    default_by=("ward",),
)
