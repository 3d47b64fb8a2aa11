"""Records that registration refused, and why."""

from services.reporting.measures.posts import REFUSALS
from services.reporting.report import Number, Report, Row, Value

ALL = Number("refusals", "Bản ghi không được nhận", "Records refused", (REFUSALS,))
REJECTED = Number("rejected", "Bị từ chối", "Rejected", (REFUSALS,), only={"result": "rejected"})
CONFLICTING = Number(
    "conflicting",
    "Trùng mã, khác nội dung",
    "Same id, other content",
    (REFUSALS,),
    only={"result": "conflict"},
)


class RefusalsRow(Row):
    """One reason; duplicates are no refusals and count at registration alone."""

    refusals: Value
    rejected: Value
    conflicting: Value


REPORT = Report(
    "refusals",
    "Bản ghi không được nhận",
    "Records refused",
    RefusalsRow,
    (ALL, REJECTED, CONFLICTING),
    by=("problem", "ward"),
    default_by=("problem",),
)
