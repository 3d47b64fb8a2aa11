"""The bare parts at work on a stage, beside the services."""

import asyncio

import httpx

from bench.floors.projection import declare
from bench.stage import Stage, wait_for
from bench.way import Way
from deploy.local.ports import LOOPBACK, free_port
from deploy.local.process import Child


class Bare:
    """Each part is a process of its own and writes into a database of its own."""

    def __init__(self, stage: Stage) -> None:
        self._stage = stage
        self._port = free_port()
        self._intake: Child | None = None
        database = stage.client[stage.database("bare")]
        self.way = Way(f"http://{LOOPBACK}:{self._port}", [database], database)
        asyncio.run(declare(stage.broker_url))

    def start_intake(self, *, relay: bool) -> None:
        """Ends the one that runs."""
        if self._intake:
            self._intake.stop()
        told = {"PORT": str(self._port)}
        if relay:
            told["BROKER_URL"] = self._stage.broker_url
        self._intake = self._start("bench.floors.intake", **told)
        wait_for(self._answers, 30)

    def start_projection(self) -> Child:
        """Consumes whatever is queued."""
        return self._start("bench.floors.projection", BROKER_URL=self._stage.broker_url)

    def _start(self, module: str, **told: str) -> Child:
        database = self._stage.database("bare")
        return self._stage.start_other(
            module, MONGO_URL=self._stage.mongo_url, DATABASE=database, **told
        )

    def _answers(self) -> bool:
        try:
            return httpx.get(f"{self.way.url}/openapi.json", timeout=2).is_success
        except httpx.HTTPError:
            return False
