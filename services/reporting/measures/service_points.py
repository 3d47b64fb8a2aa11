"""Service points that are open."""

from collections.abc import Sequence

from services.events.service_points import ServicePointClosed, ServicePointOpened
from services.reporting.measure import Fact
from services.reporting.measures.stock import Standing, of_subject, stock


def _open(history: Sequence[Fact]) -> Standing:
    last = history[-1].event
    if not isinstance(last, ServicePointOpened):
        return Standing()
    return Standing({(last.data.kind, "main" if last.data.main else "other"): 1})


SERVICE_POINTS = stock(
    "service_points",
    ("point_kind", "rank"),
    (ServicePointOpened, ServicePointClosed),
    of_subject,
    _open,
)

MEASURES = (SERVICE_POINTS,)
