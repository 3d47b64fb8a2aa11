"""Services given: which, with what outcome, and to how many who had none before."""

from services.reporting.measures.services import SERVICES_BEFORE, SERVICES_GIVEN
from services.reporting.report import Number, Ratio, Report, Row, Share, Value
from services.reporting.reports import numbers as n

UNDERSTOOD = Number(
    "understood", "Hiểu", "Understood", (SERVICES_GIVEN,), only={"outcome": "understood"}
)
CAN_DO = Number("can_do", "Làm được", "Can do it", (SERVICES_GIVEN,), only={"outcome": "can_do"})
USING = Number("using", "Dùng liền", "Using it", (SERVICES_GIVEN,), only={"outcome": "using"})
HAD_NONE = Number(
    "had_none", "Trước đó chưa có", "Had none before", (SERVICES_BEFORE,), only={"before": "none"}
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


class ServicesRow(Row):
    """One service."""

    services: Value
    understood: Value
    can_do: Value
    using: Value
    not_done: Value
    not_done_share: Share
    had_none: Value
    people: Value


REPORT = Report(
    "services",
    "Dịch vụ đã hỗ trợ",
    "Services given",
    ServicesRow,
    (
        n.SERVICES,
        UNDERSTOOD,
        CAN_DO,
        USING,
        n.NOT_DONE,
        NOT_DONE_SHARE,
        HAD_NONE,
        n.PEOPLE_HELPED,
    ),
    by=("service", "ward"),
    default_by=("service",),
)
