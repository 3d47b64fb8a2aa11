"""Service points that are open."""

from collections.abc import Sequence

from services.events.codes import Code, ServicePointKind
from services.events.service_points import ServicePointClosed, ServicePointOpened
from services.reporting.definitions.label import Label
from services.reporting.definitions.measure import Fact, Life
from services.reporting.measures.stock import Standing, of_subject, stock


class Rank(Code):
    """Whether a service point is a main one."""

    MAIN = "main", "Điểm chính", "Main point"
    OTHER = "other", "Điểm khác", "Other point"


SERVICE_POINT_KIND = Label("service_point_kind", ServicePointKind)
SERVICE_POINT_RANK = Label("service_point_rank", Rank)


def _open(history: Sequence[Fact]) -> Standing:
    last = history[-1].event
    if not isinstance(last, ServicePointOpened):
        return Standing()
    return Standing({(last.data.kind, Rank.MAIN if last.data.main else Rank.OTHER): 1})


SERVICE_POINT = Life("service_point", (ServicePointOpened, ServicePointClosed), of_subject)
SERVICE_POINTS = stock(
    "service_points",
    (SERVICE_POINT_KIND, SERVICE_POINT_RANK),
    SERVICE_POINT.on,
    SERVICE_POINT,
    _open,
)
