"""Why SMS were not sent, did not arrive or stayed unconfirmed."""

from services.reporting.measures.notifications import NOTIFICATIONS_STOPPED
from services.reporting.report import Number, Report, Row, Value


def _stopped(status: str, vi: str, en: str) -> Number:
    return Number(status, vi, en, (NOTIFICATIONS_STOPPED,), only={"status": status})


class ReasonsRow(Row):
    """One reason, as notify gives it."""

    suppressed: Value
    failed: Value
    unconfirmed: Value


REPORT = Report(
    "sms_reasons",
    "Lý do SMS không tới",
    "Why SMS did not arrive",
    ReasonsRow,
    (
        _stopped("suppressed", "Không gửi", "Not sent"),
        _stopped("failed", "Không tới", "Failed"),
        _stopped("unconfirmed", "Chưa xác nhận", "Unconfirmed"),
    ),
    by=("reason", "ward"),
    default_by=("reason",),
)
