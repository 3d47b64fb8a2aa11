"""An app over rows in memory."""

from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from typing import Any

import httpx
from fastapi import APIRouter, FastAPI
from pydantic import TypeAdapter

from services.events.envelope import Event
from services.platform.http.app import create_app
from services.registration.subjects.rows import Row
from services.registration.subjects.subject import Decided
from tests.registration.deciding import after
from tests.twins.rows import RowsTwin

_STATE = TypeAdapter[Any](Any)


def rows_of(*histories: tuple[Decided[Any], *tuple[Event, ...]]) -> RowsTwin:
    """The rows that these histories leave."""
    twin = RowsTwin()
    for subject, *events in histories:
        state = _STATE.dump_python(after(subject, *events), mode="json")
        key = (subject.kind, events[-1].subject)
        twin.rows[key] = Row(*key, events[-1].ward, state)
    return twin


@asynccontextmanager
async def _nothing(_: FastAPI) -> AsyncIterator[None]:
    yield


def client(*routers: APIRouter) -> httpx.AsyncClient:
    """Reads what the routers serve, problems as problem documents."""
    app = create_app(title="registration", lifespan=_nothing, routers=routers, checks={})
    transport = httpx.ASGITransport(app=app)
    return httpx.AsyncClient(
        transport=transport, base_url="http://registration/api/registration/v1"
    )


def ids(items: Iterable[dict[str, Any]]) -> list[str]:
    """Their ids, in order."""
    return [item["id"] for item in items]
