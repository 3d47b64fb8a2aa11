"""What eSMS tells: receipts, unsigned, and citizens' SMS to a short number, signed."""

from html import escape
from typing import Annotated, Any

from fastapi import APIRouter, Query, Response

from services.notify.providers.esms.reading import EsmsReceipt, EsmsReply
from services.notify.providers.esms.sending import Esms
from services.notify.providers.esms.settings import EsmsSettings
from services.notify.providers.webhooks import BASE, Now, ToCallbacks, secret_shown, tell_reply
from services.platform.http.app import problem_responses
from services.platform.problems import UNAUTHENTICATED, Problem

_PLAIN, _XML = "text/plain", "application/xml"


def esms_router(settings: EsmsSettings) -> APIRouter:
    """eSMS calls by GET; up to five times again, but only where no answer came in time."""
    private_key = settings.esms_private_key.get_secret_value()
    routes = APIRouter(
        prefix=f"{BASE}/esms/{{secret}}",
        tags=["providers"],
        dependencies=[secret_shown(settings.esms_webhook_secret)],
    )

    @routes.get(
        "/receipts",
        response_class=Response,
        responses=_told_in(_PLAIN) | problem_responses(404, 422, 503),
    )
    async def esms_receipt(
        told: Annotated[EsmsReceipt, Query()], callbacks: ToCallbacks, now: Now
    ) -> Response:
        """Durable when it is answered; may come first, twice, or for an SMS unknown here."""
        receipt = told.receipt(now)
        if receipt:
            await callbacks.receipt(Esms.name, told.message_id, told.request_id, receipt)
        return Response("OK", media_type=_PLAIN)

    @routes.get(
        "/replies",
        response_class=Response,
        responses=_told_in(_XML) | problem_responses(401, 404, 422, 503),
    )
    async def esms_reply(told: Annotated[EsmsReply, Query()], callbacks: ToCallbacks) -> Response:
        """A citizen's SMS; durable when it is answered, may come twice."""
        if not private_key or not told.is_signed_with(private_key):
            raise Problem(UNAUTHENTICATED)
        await tell_reply(callbacks, Esms.name, told.id, told.sender, told.content)
        return Response(_client_response(told), media_type=_XML)

    return routes


def _told_in(media_type: str) -> dict[int | str, dict[str, Any]]:
    return {200: {"content": {media_type: {"schema": {"type": "string"}}}}}


def _client_response(told: EsmsReply) -> str:
    """The acknowledgement that eSMS documents; its `Message` is empty, as nothing is answered."""
    return (
        '<?xml version="1.0" encoding="utf-8"?><ClientResponse><Message></Message>'
        f"<Smsid>{escape(told.id)}</Smsid><Receiver>{escape(told.sender)}</Receiver>"
        "</ClientResponse>"
    )
