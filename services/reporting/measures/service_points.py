"""Service points that are open."""

from collections.abc import Sequence

from services.events.service_points import ServicePointClosed, ServicePointOpened
from services.reporting.measure import Fact, Life
from services.reporting.measures.stock import Standing, of_subject, stock


def _open(history: Sequence[Fact]) -> Standing:
    last = history[-1].event
    if not isinstance(last, ServicePointOpened):
        return Standing()
    return Standing({(last.data.kind, "main" if last.data.main else "other"): 1})


SERVICE_POINT = Life("service_point", (ServicePointOpened, ServicePointClosed), of_subject)
SERVICE_POINTS = stock(
    "service_points", ("point_kind", "rank"), SERVICE_POINT.on, SERVICE_POINT, _open
)

MEASURES = (SERVICE_POINTS,)
