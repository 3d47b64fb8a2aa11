"""What eSMS tells: receipts, unsigned, and citizens' SMS to a short number, signed."""

from html import escape
from typing import Annotated

from fastapi import APIRouter, Query, Response
from fastapi.responses import PlainTextResponse

from services.notify.esms_settings import EsmsSettings
from services.notify.providers.esms import Esms
from services.notify.providers.esms_reading import EsmsReceipt, EsmsReply
from services.notify.webhooks import BASE, ToEars, ToldAt, secret_shown, tell_reply
from services.platform.http import problem_responses
from services.platform.problems import UNAUTHENTICATED, Problem


class XmlResponse(Response):
    """For the document of OpenAPI."""

    media_type = "application/xml"


def esms_router(settings: EsmsSettings) -> APIRouter:
    """eSMS calls by GET; up to five times again, but only where no answer came in time."""
    private_key = settings.esms_private_key.get_secret_value()
    routes = APIRouter(
        prefix=f"{BASE}/esms/{{secret}}",
        tags=["providers"],
        dependencies=[secret_shown(settings.esms_webhook_secret)],
    )

    @routes.get(
        "/receipts", response_class=PlainTextResponse, responses=problem_responses(404, 422, 503)
    )
    async def esms_receipt(told: Annotated[EsmsReceipt, Query()], ears: ToEars, now: ToldAt) -> str:
        """Durable when it is answered; may come first, twice, or for an SMS unknown here."""
        receipt = told.receipt(now)
        if receipt:
            await ears.receipt(Esms.name, told.message_id, told.request_id, receipt)
        return "OK"

    @routes.get(
        "/replies", response_class=XmlResponse, responses=problem_responses(401, 404, 422, 503)
    )
    async def esms_reply(told: Annotated[EsmsReply, Query()], ears: ToEars) -> XmlResponse:
        """A citizen's SMS; durable when it is answered, may come twice."""
        if not private_key or not told.is_signed_with(private_key):
            raise Problem(UNAUTHENTICATED)
        await tell_reply(ears, Esms.name, told.id, told.sender, told.content)
        return XmlResponse(_client_response(told))

    return routes


def _client_response(told: EsmsReply) -> str:
    """The acknowledgement that eSMS documents; its `Message` is empty, as nothing is answered."""
    return (
        '<?xml version="1.0" encoding="utf-8"?><ClientResponse><Message></Message>'
        f"<Smsid>{escape(told.id)}</Smsid><Receiver>{escape(told.sender)}</Receiver>"
        "</ClientResponse>"
    )
