"""Bare FastAPI, pydantic validation and a grouped insert; with BROKER_URL a bare relay too.

`python -m bench.floors.intake` reads MONGO_URL, DATABASE, PORT and BROKER_URL.
"""

import asyncio
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any

import orjson
import uvicorn
from fastapi import FastAPI, Request, Response
from pydantic import TypeAdapter

from bench.floors.bare_log import BareLog
from bench.floors.relay import relay
from services.events.assistance import CitizenAssisted
from services.events.envelope import BATCH_MEDIA_TYPE
from services.messaging.topology import partition_of
from services.platform.mongo import connect

PARTITIONS = 4
ONE = TypeAdapter(CitizenAssisted)
MANY = TypeAdapter(list[CitizenAssisted])


def create(mongo_url: str, database: str, broker_url: str) -> FastAPI:
    """One route."""
    events = connect(mongo_url)[database]["events"]
    log = BareLog(events)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        await events.create_index("pending", sparse=True)
        relaying = asyncio.create_task(relay(events, broker_url)) if broker_url else None
        yield
        if relaying:
            relaying.cancel()

    app = FastAPI(lifespan=lifespan)

    @app.post("/api/registration/v1/events")
    async def post_events(request: Request) -> Response:
        body = await request.body()
        batch = request.headers["content-type"] == BATCH_MEDIA_TYPE
        posted = MANY.validate_json(body) if batch else [ONE.validate_json(body)]
        now = datetime.now(UTC)
        await log.append([_document(event, now) for event in posted])
        results = [{"id": event.id, "result": "accepted"} for event in posted]
        return Response(orjson.dumps({"results": results}), media_type="application/json")

    return app


def _document(event: CitizenAssisted, now: datetime) -> dict[str, Any]:
    return {
        "_id": event.id,
        "type": event.type,
        "ward": event.ward,
        "time": event.time,
        "recorded_at": now,
        "partition": partition_of(event.ward, PARTITIONS),
        "body": ONE.dump_json(event, exclude_none=True),
        "pending": now,
    }


if __name__ == "__main__":
    told = os.environ
    uvicorn.run(
        create(told["MONGO_URL"], told["DATABASE"], told.get("BROKER_URL", "")),
        port=int(told["PORT"]),
        loop="uvloop",
        http="httptools",
        access_log=False,
        log_level="warning",
    )
