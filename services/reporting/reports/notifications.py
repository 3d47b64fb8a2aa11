"""SMS to citizens, ward by ward: how far they came, what they cost, and what was answered."""

from collections.abc import Mapping

from services.reporting.definitions.labels import PURPOSE, WARD
from services.reporting.definitions.number import Number, Ratio, each
from services.reporting.definitions.report import Report
from services.reporting.measures.answers import SMS_ANSWERED, SMS_ANSWERS
from services.reporting.measures.notifications import NOTIFICATIONS, SMS_COST_VND, SMS_SEGMENTS
from services.reporting.measures.sms import SMS_ANSWER, SmsAnswer
from services.reporting.reports import numbers as n

ALL = Number("sms", "SMS", "SMS", (NOTIFICATIONS,))
ANSWERED = Number(
    "answered", "SMS tới máy có trả lời", "SMS delivered and answered", (SMS_ANSWERED,)
)
DELIVERED_SHARE = Ratio(
    "delivered_share",
    "Tỷ lệ tới máy",
    "Share delivered",
    n.SMS_DELIVERED,
    ALL,
    "SMS của cùng kỳ, kể cả không gửi",
    "SMS of the same period, also those not sent",
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
DISPUTED: Mapping[str, str] = {
    code: f"disputed_{code}" for code in (SmsAnswer.NOT_HELPED, SmsAnswer.WRONG_NUMBER)
}

REPORT = Report(
    "notifications",
    "Tin nhắn SMS",
    "SMS",
    "SMS by the furthest status that is known, on the day of their first; answers on their own.",
    (
        ALL,
        *n.SMS,
        DELIVERED_SHARE,
        Number("segments", "Số đoạn tin", "Segments", (SMS_SEGMENTS,)),
        Number("cost_vnd", "Chi phí (đồng)", "Cost (VND)", (SMS_COST_VND,)),
        *each(SMS_ANSWERS, SMS_ANSWER, names=DISPUTED),
        ANSWERED,
        ANSWERED_SHARE,
    ),
    by=(WARD, PURPOSE),
)
