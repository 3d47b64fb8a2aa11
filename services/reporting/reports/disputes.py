"""What citizens disputed, and what their wards found when they asked."""

from services.reporting.measures.disputes import DISPUTES
from services.reporting.report import Number, Report, Row, Value

ALL = Number("disputes", "Phản ánh sai lệch", "Disputes", (DISPUTES,))


def _found(found: str, name: str, vi: str, en: str) -> Number:
    return Number(name, vi, en, (DISPUTES,), only={"found": found})


class DisputesRow(Row):
    """Each disputed event once, on the day of its first dispute, by what was found since."""

    disputes: Value
    unresolved: Value
    found_confirmed: Value
    found_voided: Value
    found_wrong_number: Value


REPORT = Report(
    "disputes",
    "Phản ánh sai lệch",
    "Disputes",
    DisputesRow,
    (
        ALL,
        _found("", "unresolved", "Chưa có kết luận", "Not resolved"),
        _found("confirmed", "found_confirmed", "Có hỗ trợ thật", "The help was real"),
        _found("voided", "found_voided", "Không có, đã hủy", "Not real, voided"),
        _found("wrong_number", "found_wrong_number", "Số của người khác", "Somebody else's number"),
    ),
    by=("ward", "dispute"),
    default_by=("ward",),
)
