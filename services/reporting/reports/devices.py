"""What each device sent, by day and result; a device reads its own as its tally."""

from services.reporting.report import Report, Row, Value
from services.reporting.reports import numbers as n


class DevicesRow(Row):
    """Records by the day on which they happened; voided ones are accepted no longer."""

    accepted: Value
    rejected: Value
    conflicting: Value


REPORT = Report(
    "devices",
    "Thiết bị đã gửi",
    "Sent by devices",
    DevicesRow,
    (n.EVENTS_ACCEPTED, n.EVENTS_REJECTED, n.EVENTS_CONFLICTING),
    by=("sender", "ward"),
    default_by=("sender",),
)
