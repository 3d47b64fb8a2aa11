"""eSMS: care messages under a registered brand name (CSKH, SmsType 2), one POST an SMS.

Source: developers.esms.vn, SendMultipleMessage_V4_post_json, as seen on 2026-04-07.
"""

from dataclasses import dataclass, field

from services.events.notifications import SmsChannel
from services.notify.providers.esms.reading import classify
from services.notify.providers.posting import HttpAnswer, Posting, host_of
from services.notify.providers.provider import Outcome, Sms, SurelyNotAccepted
from services.notify.text.segments import Encoding, segment

URL = "https://rest.esms.vn/MainService.svc/json"
_CARE = "2"


@dataclass(frozen=True, slots=True)
class EsmsAccess:
    """What eSMS and we agreed on."""

    api_key: str = field(repr=False)
    secret_key: str = field(repr=False)
    brandname: str
    url: str = URL
    callback_url: str = field(default="", repr=False)
    """Where receipts are told; it holds a secret."""
    sandbox: bool = False
    """eSMS answers as usual, and neither keeps, charges nor delivers."""
    timeout_s: float = 10.0

    @property
    def hosts(self) -> tuple[str, ...]:
        return (host_of(self.url),)

    @property
    def carries_adverts(self) -> bool:
        """It takes care messages alone."""
        return False

    @property
    def longest_answer_s(self) -> float:
        """Of one SMS."""
        return self.timeout_s


class Esms:
    """A `RequestId` that eSMS has seen within 24 h is answered 124 and not sent again."""

    name = "esms"
    channel: SmsChannel = "sms"
    gives_receipts = True
    recognises_repeats = True

    def __init__(self, access: EsmsAccess) -> None:
        self._access = access
        self._posting = Posting(access.timeout_s)

    async def send(self, sms: Sms) -> Outcome:
        """Adverts go by another address, to thirty phones at least: another provider may do that.

        So that refusal is no last word, although a further try here ends the same way.
        """
        if sms.advertises:
            return SurelyNotAccepted("provider_cannot_carry", retryable=True)
        url = f"{self._access.url}/SendMultipleMessage_V4_post_json/"
        answer = await self._posting.post(url, json=self._body(sms), may_leave=sms.may_leave)
        return classify(answer, sms.request_id) if isinstance(answer, HttpAnswer) else answer

    async def close(self) -> None:
        await self._posting.close()

    def _body(self, sms: Sms) -> dict[str, str]:
        access = self._access
        body = {
            "ApiKey": access.api_key,
            "SecretKey": access.secret_key,
            "Phone": sms.phone.removeprefix("+"),
            "Content": sms.text,
            "Brandname": access.brandname,
            "SmsType": _CARE,
            "IsUnicode": "1" if segment(sms.text).encoding is Encoding.UCS2 else "0",
            "Sandbox": "1" if access.sandbox else "0",
            "RequestId": sms.request_id,
        }
        return body | ({"CallbackUrl": access.callback_url} if access.callback_url else {})
