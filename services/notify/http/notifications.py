"""What people ask of notify over HTTP."""

from typing import Annotated

from fastapi import APIRouter, Depends, Path
from fastapi import Query as QueryParameter

from services.events.envelope import EventId, Id
from services.notify.http.dependencies import InLedger, city_door_of, door_of
from services.notify.http.views import (
    CURSOR,
    NOTIFICATION_ID,
    ConsolePage,
    NotificationHistory,
    NotificationPage,
    page_of,
    place_of,
)
from services.notify.ledger.ledger import Query
from services.notify.notification.states import State
from services.notify.providers.console.sending import Console, newest
from services.notify.providers.webhooks import API
from services.notify.settings import NotifySettings
from services.platform.access.auth import Reader
from services.platform.access.readers import Matter
from services.platform.http.app import problem_responses
from services.platform.problems import FORBIDDEN, NOT_FOUND, Problem


def reading_router(settings: NotifySettings) -> APIRouter:
    """Notifications and the console's SMS; a ward's reader sees the ward's own."""
    routes = APIRouter(prefix=API, tags=["notifications"], responses=problem_responses(401, 503))
    reader_needed = Depends(door_of(settings, Matter.PERSONS))
    city_needed = Depends(city_door_of(settings, Matter.PERSONS))

    @routes.get("/notifications", responses=problem_responses(403, 422))
    async def notifications(  # each is a query parameter
        reader: Annotated[Reader, reader_needed],
        ledger: InLedger,
        event_id: EventId | None = None,
        citizen_id: Id | None = None,
        state: Annotated[tuple[State, ...], QueryParameter()] = (),
        cursor: Annotated[str | None, QueryParameter(pattern=CURSOR)] = None,
        limit: Annotated[int, QueryParameter(ge=1, le=200)] = 50,
    ) -> NotificationPage:
        """Newest first; by event, citizen and state."""
        asked = Query(
            event_id=event_id,
            citizen_id=citizen_id,
            states=state,
            wards=reader.wards,
            before=place_of(cursor) if cursor else None,
            limit=limit + 1,
        )
        return page_of(await ledger.search(asked), limit)

    @routes.get("/notifications/{notification_id}", responses=problem_responses(403, 404, 422))
    async def notification(
        notification_id: Annotated[str, Path(pattern=NOTIFICATION_ID)],
        reader: Annotated[Reader, reader_needed],
        ledger: InLedger,
    ) -> NotificationHistory:
        """One, with its events, its attempts and every step."""
        found = await ledger.find(notification_id)
        if found is None:
            raise Problem(NOT_FOUND)
        if not any(reader.may_read(occasion.ward) for occasion in found.occasions):
            raise Problem(FORBIDDEN)
        return NotificationHistory.of(found)

    @routes.get("/console", dependencies=[city_needed], responses=problem_responses(403, 422))
    def console_messages(
        cursor: Annotated[int | None, QueryParameter(ge=0)] = None,
        limit: Annotated[int, QueryParameter(ge=1, le=500)] = 50,
    ) -> ConsolePage:
        """What the console provider sent, newest first; empty where another provider sends."""
        if Console.name not in settings.named:
            return ConsolePage(messages=[], next=None)
        return ConsolePage.of(newest(settings.console_file, limit + 1, cursor), limit)

    return routes
