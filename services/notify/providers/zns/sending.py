"""Zalo's notifications (ZNS): a template of Zalo's is named and filled, not a text sent.

Source: the endpoint and its shapes are those of clients that others published.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from services.events.notifications import SmsChannel
from services.notify.providers.posting import HttpAnswer, Posting, host_of
from services.notify.providers.provider import MayLeave, Outcome, Sms, SurelyNotAccepted
from services.notify.providers.zns.reading import TOKEN_REFUSED, classify, tracking_id
from services.notify.providers.zns.tokens import Grant, NoToken, TokenStore, ZnsTokens
from services.platform.clock import Clock

URL = "https://business.openapi.zalo.me"
OAUTH_URL = "https://oauth.zaloapp.com/v4/oa/access_token"


@dataclass(frozen=True, slots=True)
class ZnsAccess:
    """What Zalo and we agreed on."""

    grant: Grant
    templates: Mapping[str, str]
    """Zalo's id of each of our templates, by its permanent name."""
    url: str = URL
    development: bool = False
    """Reaches the admins of the app and the account only."""
    timeout_s: float = 10.0

    @property
    def hosts(self) -> tuple[str, ...]:
        return host_of(self.url), host_of(self.grant.url)

    @property
    def carries_adverts(self) -> bool:
        """It takes its own templates alone."""
        return False

    @property
    def longest_answer_s(self) -> float:
        """A token, the message, and both once more."""
        return 4 * self.timeout_s


class Zns:
    """Zalo is not known to recognise a `tracking_id` shown again."""

    name = "zns"
    channel: SmsChannel = "zns"
    gives_receipts = True
    recognises_repeats = False

    def __init__(self, access: ZnsAccess, store: TokenStore, machine_clock: Clock) -> None:
        self._access = access
        self._posting = Posting(access.timeout_s)
        self._tokens = ZnsTokens(
            access.grant, store, self._posting, machine_clock, access.timeout_s
        )

    async def send(self, sms: Sms) -> Outcome:
        """What has no template at Zalo is left to another provider."""
        template_id = self._access.templates.get(sms.template)
        if template_id is None:
            return SurelyNotAccepted("provider_cannot_carry", retryable=True)
        body = self._body(sms, template_id)
        try:
            token = await self._tokens.usable()
            outcome = await self._post(body, token, sms.may_leave)
            if outcome == TOKEN_REFUSED:
                token = await self._tokens.usable(refused=token)
                outcome = await self._post(body, token, sms.may_leave)
        except NoToken as refusal:
            return SurelyNotAccepted(refusal.reason, retryable=True)
        return outcome

    async def close(self) -> None:
        await self._tokens.close()
        await self._posting.close()

    async def _post(self, body: dict[str, object], token: str, may_leave: MayLeave) -> Outcome:
        url, headers = f"{self._access.url}/message/template", {"access_token": token}
        answer = await self._posting.post(url, json=body, headers=headers, may_leave=may_leave)
        return classify(answer) if isinstance(answer, HttpAnswer) else answer

    def _body(self, sms: Sms, template_id: str) -> dict[str, object]:
        body: dict[str, object] = {
            "phone": sms.phone.removeprefix("+"),
            "template_id": template_id,
            "template_data": {name: value for name, value in sms.fields.items() if value},
            "tracking_id": tracking_id(sms.request_id),
        }
        return body | ({"mode": "development"} if self._access.development else {})
