"""What each device sent, by day and result; a device reads its own as its tally."""

from services.reporting.definitions.labels import WARD
from services.reporting.definitions.report import Report
from services.reporting.measures.posts import SENDER
from services.reporting.reports import numbers as n

REPORT = Report(
    "devices",
    "Thiết bị đã gửi",
    "Sent by devices",
    "Records by the day on which they happened; voided ones are accepted no longer.",
    (n.EVENTS_ACCEPTED, *n.EVENTS_REFUSED),
    by=(SENDER, WARD),
)
