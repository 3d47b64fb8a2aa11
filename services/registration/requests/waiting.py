"""Requests that nobody has answered yet, and how many of them are late among the metrics."""

from datetime import date

import structlog
from prometheus_client import Gauge

from services.events.citizens import CITIZENS
from services.events.envelope import CITY_TIME
from services.platform.clock import Clock
from services.platform.mongo import PyMongoError
from services.platform.retry import every
from services.registration.requests.deadlines import is_alarming, is_the_centres
from services.registration.requests.rules import REQUEST, Request
from services.registration.subjects.rows import Rows

EVERY_S = 60.0
UNCONFIRMED = Gauge(
    "registration_requests_unconfirmed", "Erasures not confirmed in three working days"
)
ALARMING = Gauge(
    "registration_requests_alarming", "Open requests about personal data, 15 days old or older"
)

log = structlog.get_logger(__name__)


class Waiting:
    """An erasure ends its request, whether or not somebody closed that."""

    def __init__(self, rows: Rows, clock: Clock) -> None:
        self._rows = rows
        self._clock = clock

    def today(self) -> date:
        """The day in Ho Chi Minh City."""
        return self._clock().astimezone(CITY_TIME).date()

    async def open(self) -> list[tuple[str, Request]]:
        """With their ids, oldest first."""
        found = await self._rows.open(REQUEST, self.today())
        return [
            (row.id, request)
            for row, request in ((row, Request.model_validate(row.state)) for row in found)
            if not await self._was_erased(request)
        ]

    async def show(self) -> None:
        """Once."""
        today, waiting = self.today(), [request for _, request in await self.open()]
        UNCONFIRMED.set(sum(is_the_centres(request, today) for request in waiting))
        ALARMING.set(sum(is_alarming(request, today) for request in waiting))

    async def keep_showing(self) -> None:
        """Until cancelled."""
        await every(EVERY_S, self.show, on=PyMongoError, warning="open requests cannot be read")

    async def _was_erased(self, request: Request) -> bool:
        if not request.kind.is_a_data_right:
            return False
        row = await self._rows.get(CITIZENS, request.citizen_id or "")
        return row is not None and bool(row.state.get("erased"))
