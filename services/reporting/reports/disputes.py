"""What citizens disputed, and what their wards found when they asked."""

from services.reporting.definitions.labels import WARD
from services.reporting.definitions.number import Number, each
from services.reporting.definitions.report import Report
from services.reporting.measures.disputes import DISPUTE_KIND, DISPUTE_OUTCOME, DISPUTES

REPORT = Report(
    "disputes",
    "Phản ánh sai lệch",
    "Disputes",
    "Each disputed event once, on the day of its first dispute, by what was found since.",
    (
        Number("disputes", "Phản ánh sai lệch", "Disputes", (DISPUTES,)),
        Number(
            "unresolved",
            "Chưa có kết luận",
            "Not resolved",
            (DISPUTES,),
            only={DISPUTE_OUTCOME: ""},
        ),
        *each(DISPUTES, DISPUTE_OUTCOME, name="found_{}"),
    ),
    by=(WARD, DISPUTE_KIND),
)
