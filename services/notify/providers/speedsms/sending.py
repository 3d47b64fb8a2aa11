"""SpeedSMS: one POST an SMS. It recognises no repetition, so what may have left is left alone.

Source: speedsms.vn/sms-api; the names in the body are those of clients that others published.
"""

import base64
from dataclasses import dataclass, field

from services.events.notifications import SmsChannel
from services.notify.providers.brand import NO_BRAND, is_brand
from services.notify.providers.posting import HttpAnswer, Posting, host_of
from services.notify.providers.provider import Outcome, Sms
from services.notify.providers.speedsms.reading import classify

URL = "https://api.speedsms.vn/index.php"
OWN_BRAND = 3
_ADVERT = 1


@dataclass(frozen=True, slots=True)
class SpeedsmsAccess:
    """What SpeedSMS and we agreed on."""

    token: str = field(repr=False)
    sms_type: int
    """2 random number, 3 own brand name, 4 Notify, 5 Android, 6 fixed, 7 own number, 8 two-way."""
    sender: str = ""
    url: str = URL
    timeout_s: float = 10.0

    @property
    def carries_adverts(self) -> bool:
        """The other types send from a number, or from a phone."""
        return self.sms_type == OWN_BRAND and is_brand(self.sender)

    @property
    def hosts(self) -> tuple[str, ...]:
        return (host_of(self.url),)

    @property
    def longest_answer_s(self) -> float:
        """Of one SMS."""
        return self.timeout_s


class Speedsms:
    """Answers tell the price, and a number that is none by a success that names it."""

    name = "speedsms"
    channel: SmsChannel = "sms"
    gives_receipts = True
    recognises_repeats = False

    def __init__(self, access: SpeedsmsAccess) -> None:
        self._access = access
        shown = base64.b64encode(f"{access.token}:x".encode()).decode()
        self._posting = Posting(access.timeout_s, {"Authorization": f"Basic {shown}"})

    async def send(self, sms: Sms) -> Outcome:
        if sms.advertises and not self._access.carries_adverts:
            return NO_BRAND
        body = {
            "to": [sms.phone.removeprefix("+")],
            "content": sms.text,
            "sms_type": _ADVERT if sms.advertises else self._access.sms_type,
            "sender": self._access.sender,
        }
        answer = await self._posting.post(
            f"{self._access.url}/sms/send", json=body, may_leave=sms.may_leave
        )
        return classify(answer) if isinstance(answer, HttpAnswer) else answer

    async def close(self) -> None:
        await self._posting.close()
