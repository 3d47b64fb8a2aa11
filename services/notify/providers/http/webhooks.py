"""What the generic HTTP provider calls: receipts, and what citizens answer."""

import hmac
from collections.abc import Callable
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Security
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from services.notify.problems import NO_RECEIPTS
from services.notify.providers.http.sending import HttpProvider, PostedReceipt, PostedReply
from services.notify.providers.http.settings import HttpSettings
from services.notify.providers.webhooks import API, Now, ToCallbacks, tell_reply
from services.platform.http.app import problem_responses
from services.platform.http.guards import guard
from services.platform.problems import UNAUTHENTICATED, Problem


def http_router(settings: HttpSettings) -> APIRouter:
    """The webhook of the HTTP provider."""
    routes = APIRouter(prefix=API, tags=["providers"])
    allowed = Depends(_secret_of(settings))

    @routes.post(
        "/receipts",
        status_code=204,
        dependencies=[allowed],
        responses=problem_responses(401, 404, 422, 503),
    )
    async def receipts(
        posted: PostedReceipt,
        callbacks: ToCallbacks,
        now_of: Now,
    ) -> None:
        """Durable when it is answered; may come first, twice, or for a message unknown here."""
        receipt = posted.receipt(now_of)
        await callbacks.receipt(HttpProvider.name, posted.message_id, posted.request_id, receipt)

    @routes.post(
        "/replies",
        status_code=204,
        dependencies=[allowed],
        responses=problem_responses(401, 404, 422, 503),
    )
    async def replies(posted: PostedReply, callbacks: ToCallbacks) -> None:
        """What a citizen answered. Durable when it is answered; may come twice."""
        await tell_reply(
            callbacks, HttpProvider.name, posted.message_id, posted.sender, posted.text
        )

    return routes


def _secret_of(settings: HttpSettings) -> Callable[..., Any]:
    bearer = HTTPBearer(auto_error=False, scheme_name="provider")
    secret = settings.receipts_secret.get_secret_value().encode()

    @guard
    async def shown(
        given: Annotated[HTTPAuthorizationCredentials | None, Security(bearer)],
    ) -> None:
        shown = given.credentials.encode() if given else b""
        if HttpProvider.name not in settings.named:
            raise Problem(NO_RECEIPTS)
        if not secret or not hmac.compare_digest(shown, secret):
            raise Problem(UNAUTHENTICATED)

    return shown
