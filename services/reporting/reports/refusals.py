"""Records that registration refused, and why."""

from services.reporting.definitions.labels import WARD
from services.reporting.definitions.number import Number, each
from services.reporting.definitions.report import Report
from services.reporting.measures.posts import REFUSAL_CODE, REFUSAL_RESULT, REFUSALS
from services.reporting.reports.numbers import CONFLICTING

REPORT = Report(
    "refusals",
    "Bản ghi không được nhận",
    "Records refused",
    "One reason; duplicates are no refusals and count at registration alone.",
    (
        Number("refusals", "Bản ghi không được nhận", "Records refused", (REFUSALS,)),
        *each(REFUSALS, REFUSAL_RESULT, names=CONFLICTING),
    ),
    by=(REFUSAL_CODE, WARD),
)
