"""What SpeedSMS tells, unsigned and at one address: delivery reports and citizens' SMS."""

from fastapi import APIRouter

from services.notify.providers.speedsms.reading import (
    SPEEDSMS_CALLBACK,
    SpeedsmsReply,
    SpeedsmsReport,
)
from services.notify.providers.speedsms.sending import Speedsms
from services.notify.providers.speedsms.settings import SpeedsmsSettings
from services.notify.providers.webhooks import (
    BASE,
    Now,
    SmallBody,
    ToCallbacks,
    body_documented,
    read,
    secret_shown,
    tell_reply,
)
from services.platform.http.app import problem_responses


def speedsms_router(settings: SpeedsmsSettings) -> APIRouter:
    """SpeedSMS posts again what is not answered 2xx."""
    secret = settings.speedsms_webhook_secret
    routes = APIRouter(prefix=f"{BASE}/speedsms/{{secret}}", tags=["providers"])

    @routes.post(
        "",
        status_code=204,
        dependencies=[secret_shown(secret)],
        responses=problem_responses(404, 422, 503),
        openapi_extra=body_documented(SpeedsmsReport, SpeedsmsReply),
    )
    async def speedsms_told(body: SmallBody, callbacks: ToCallbacks, now: Now) -> None:
        """Durable when it is answered; may come first, twice, or for an SMS unknown here."""
        told = read(SPEEDSMS_CALLBACK, body)
        if isinstance(told, SpeedsmsReply):
            await tell_reply(callbacks, Speedsms.name, None, told.phone, told.content)
        elif receipt := told.receipt(now):
            await callbacks.receipt(Speedsms.name, told.message_id, None, receipt)

    return routes
