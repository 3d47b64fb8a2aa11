"""SMS to citizens: how far they came, and what they cost."""

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


class NotificationsRow(Row):
    """SMS by the furthest status that is known, on the day of their first."""

    sms: Value
    sms_sent: Value
    sms_delivered: Value
    sms_failed: Value
    sms_suppressed: Value
    sms_unconfirmed: Value
    delivered_share: Share
    segments: Value
    cost_vnd: Value


REPORT = Report(
    "notifications",
    "Tin nhắn SMS",
    "SMS",
    NotificationsRow,
    (ALL, *n.SMS, DELIVERED_SHARE, SEGMENTS, COST),
    by=("purpose", "ward"),
    default_by=("purpose",),
)
