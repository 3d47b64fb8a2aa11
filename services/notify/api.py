"""What people and providers ask of notify over HTTP."""

import hmac
from collections.abc import Callable
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path, Request, Security
from fastapi import Query as QueryParameter
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from services.events.envelope import EventId, Id
from services.notify.problems import NO_RECEIPTS
from services.notify.providers import console
from services.notify.providers.http import HttpProvider, PostedReceipt, PostedReply
from services.notify.settings import NotifySettings, ProviderName
from services.notify.states import State
from services.notify.transaction import Ledger, Query
from services.notify.views import (
    CURSOR,
    NOTIFICATION_ID,
    ConsolePage,
    NotificationHistory,
    NotificationPage,
    page_of,
    place_of,
)
from services.notify.webhooks import ToEars, ToldAt, tell_reply
from services.platform.auth import Reader, reader_of
from services.platform.http import problem_responses
from services.platform.problems import FORBIDDEN, NOT_FOUND, UNAUTHENTICATED, Problem

BASE = "/api/notify/v1"


async def ledger_of(request: Request) -> Ledger:
    """The lifespan's."""
    ledger: Ledger = request.state.ledger
    return ledger


def reading_router(settings: NotifySettings) -> APIRouter:
    """Notifications and the console's SMS; a ward's reader sees the ward's own."""
    routes = APIRouter(prefix=BASE, tags=["notifications"], responses=problem_responses(401, 503))
    reader_needed = Depends(reader_of(settings, "notify"))

    @routes.get("/notifications", responses=problem_responses(422))
    async def notifications(  # each is a query parameter
        reader: Annotated[Reader, reader_needed],
        ledger: Annotated[Ledger, Depends(ledger_of)],
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
        ledger: Annotated[Ledger, Depends(ledger_of)],
    ) -> NotificationHistory:
        """One, with its events, its attempts and every step."""
        found = await ledger.find(notification_id)
        if found is None:
            raise Problem(NOT_FOUND)
        if not any(reader.may_read(occasion.ward) for occasion in found.occasions):
            raise Problem(FORBIDDEN)
        return NotificationHistory.of(found)

    @routes.get("/console", responses=problem_responses(403, 422))
    def console_messages(
        reader: Annotated[Reader, reader_needed],
        limit: Annotated[int, QueryParameter(ge=1, le=500)] = 50,
    ) -> ConsolePage:
        """What the console provider sent, newest first; empty where another provider sends."""
        if reader.wards is not None:
            raise Problem(FORBIDDEN)
        if ProviderName.CONSOLE not in settings.named:
            return ConsolePage(messages=[])
        return ConsolePage(messages=console.newest(settings.console_file, limit))

    return routes


def receipts_router(settings: NotifySettings) -> APIRouter:
    """The webhook of the HTTP provider."""
    routes = APIRouter(prefix=BASE, tags=["providers"])
    allowed = Depends(_secret_of(settings))

    @routes.post(
        "/receipts",
        status_code=204,
        dependencies=[allowed],
        responses=problem_responses(401, 404, 422, 503),
    )
    async def receipts(
        posted: PostedReceipt,
        ears: ToEars,
        told_at: ToldAt,
    ) -> None:
        """Durable when it is answered; may come first, twice, or for a message unknown here."""
        receipt = posted.receipt(told_at)
        await ears.receipt(HttpProvider.name, posted.message_id, posted.request_id, receipt)

    @routes.post(
        "/replies",
        status_code=204,
        dependencies=[allowed],
        responses=problem_responses(401, 404, 422, 503),
    )
    async def replies(posted: PostedReply, ears: ToEars) -> None:
        """What a citizen answered. Durable when it is answered; may come twice."""
        await tell_reply(ears, HttpProvider.name, posted.message_id, posted.sender, posted.text)

    return routes


def _secret_of(settings: NotifySettings) -> Callable[..., Any]:
    bearer = HTTPBearer(auto_error=False, scheme_name="provider")
    secret = settings.receipts_secret.get_secret_value().encode()

    async def shown(
        given: Annotated[HTTPAuthorizationCredentials | None, Security(bearer)],
    ) -> None:
        shown = given.credentials.encode() if given else b""
        if ProviderName.HTTP not in settings.named:
            raise Problem(NO_RECEIPTS)
        if not secret or not hmac.compare_digest(shown, secret):
            raise Problem(UNAUTHENTICATED)

    return shown
