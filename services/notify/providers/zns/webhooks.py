"""What Zalo tells, signed: receipts of ZNS; whoever writes to the account has no number here."""

import asyncio
from collections.abc import Coroutine
from typing import Annotated

import structlog
from fastapi import APIRouter, Header
from pydantic import TypeAdapter, ValidationError

from services.notify.providers.webhooks import (
    BASE,
    Now,
    SmallBody,
    ToCallbacks,
    body_documented,
    read,
)
from services.notify.providers.zns.reading import ZaloCall, ZaloEvent
from services.notify.providers.zns.sending import Zns
from services.notify.providers.zns.settings import ZnsSettings
from services.platform.http.app import problem_responses
from services.platform.problems import UNAUTHENTICATED, UNAVAILABLE, Problem

log = structlog.get_logger(__name__)

_CALL = TypeAdapter(ZaloCall)
_ANSWERED_WITHIN_S = 1.7
"""Zalo waits 2 s (hainh.me), tries five times again, and then turns the webhook off."""


def zns_router(settings: ZnsSettings) -> APIRouter:
    """The address that stands in the console of the app."""
    routes = APIRouter(prefix=f"{BASE}/zns", tags=["providers"])
    app_id, oa_secret = settings.zns_app_id, settings.zns_oa_secret.get_secret_value()

    @routes.post(
        "/events",
        responses=problem_responses(401, 422, 503),
        openapi_extra=body_documented(ZaloCall),
    )
    async def zalo_told(
        body: SmallBody,
        callbacks: ToCallbacks,
        now: Now,
        x_zevent_signature: Annotated[str, Header(max_length=100)] = "",
    ) -> dict[str, str]:
        """Durable when it is answered; may come first, twice, or for an SMS unknown here.

        What is signed and tells nothing to notify is acknowledged, as Zalo would come again.
        """
        call = read(_CALL, body)
        if not oa_secret or not call.is_signed(x_zevent_signature, body, app_id, oa_secret):
            raise Problem(UNAUTHENTICATED)
        event = _event(body)
        if event and (found := event.receipt(now)):
            await _in_time(callbacks.receipt(Zns.name, *found))
        return {"message": "OK"}

    return routes


def _event(body: bytes) -> ZaloEvent | None:
    """None for what is of no concern here."""
    try:
        event = ZaloEvent.model_validate_json(body)
    except ValidationError:
        log.info("a call of Zalo that cannot be read")
        return None
    if event.is_reply:
        log.info("a reply of a sender without a phone number", provider=Zns.name)
    return event


async def _in_time(telling: Coroutine[None, None, None]) -> None:
    try:
        async with asyncio.timeout(_ANSWERED_WITHIN_S):
            await telling
    except TimeoutError:
        raise Problem(UNAVAILABLE) from None
