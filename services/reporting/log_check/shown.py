"""The last comparison's result among the metrics, with its age."""

import math

import structlog

from services.messaging.log.completeness import PUBLISHERS
from services.platform.clock import Clock, utc_now
from services.platform.mongo import PyMongoError
from services.platform.retry import every
from services.reporting import metrics
from services.reporting.log_check.result_store import Records

EVERY_S = 15.0

log = structlog.get_logger(__name__)


class Shown:
    """Read from the database, since a command of its own compares."""

    def __init__(self, records: Records, clock: Clock = utc_now, every_s: float = EVERY_S) -> None:
        self._records = records
        self._clock = clock
        self._every_s = every_s

    async def show(self) -> None:
        """Once."""
        last = await self._records.last()
        age_s = (self._clock() - last.at).total_seconds() if last else math.nan
        metrics.LOG_CHECK_AGE.set(age_s)
        for name in PUBLISHERS:
            missing = last.missing.get(name, math.nan) if last else math.nan
            extra = last.extra.get(name, math.nan) if last else math.nan
            metrics.LOG_CHECK_MISSING.labels(name).set(missing)
            metrics.LOG_CHECK_EXTRA.labels(name).set(extra)

    async def keep_showing(self) -> None:
        """Until cancelled."""
        await every(
            self._every_s, self.show, on=PyMongoError, warning="the last comparison cannot be read"
        )
