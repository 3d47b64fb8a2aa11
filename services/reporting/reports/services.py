"""Services given: which, with what outcome, and to how many who had none before."""

from services.events.codes import Before
from services.reporting.definitions.labels import SERVICE, WARD
from services.reporting.definitions.number import Number, Ratio
from services.reporting.definitions.report import Report
from services.reporting.measures.services import HAD_BEFORE, SERVICES_BEFORE
from services.reporting.reports import numbers as n

HAD_NONE = Number(
    "had_none",
    "Trước đó chưa có",
    "Had none before",
    (SERVICES_BEFORE,),
    only={HAD_BEFORE: Before.NONE},
)
NOT_DONE_SHARE = Ratio(
    "not_done_share",
    "Tỷ lệ chưa xong",
    "Share not done",
    n.NOT_DONE,
    n.SERVICES,
    "Dịch vụ đã hỗ trợ trong cùng kỳ",
    "Services given in the same period",
)

REPORT = Report(
    "services",
    "Dịch vụ đã hỗ trợ",
    "Services given",
    "One service.",
    (n.SERVICES, *n.SERVICES_BY_OUTCOME, NOT_DONE_SHARE, HAD_NONE, n.PEOPLE_HELPED),
    by=(SERVICE, WARD),
)
