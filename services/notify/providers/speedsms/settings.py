"""What notify is told of SpeedSMS."""

from typing import Annotated

from pydantic import Field, SecretStr

from services.notify.providers.posting import checked_url
from services.notify.providers.speedsms.sending import URL, SpeedsmsAccess
from services.notify.providers.webhooks import checked_secret
from services.platform.settings import ServiceSettings

_OWN_SENDER = frozenset({3, 5, 7})
"""Types by which a sender of one's own is named."""


class SpeedsmsSettings(ServiceSettings):
    """Read only where SpeedSMS is a provider."""

    speedsms_token: SecretStr = SecretStr("")
    speedsms_sms_type: int = Field(default=3, ge=2, le=8)
    """Of what is no advert; 3 is a brand name of one's own."""
    speedsms_sender: Annotated[str, Field(pattern=r"^[A-Za-z0-9 ._-]{0,64}$")] = ""
    """A registered brand name, a number, or an Android phone's id, by the type."""
    speedsms_url: str = URL
    speedsms_webhook_secret: SecretStr = SecretStr("")
    """Part of the address that SpeedSMS calls."""
    speedsms_timeout_s: float = Field(default=10.0, gt=0, le=50)

    @property
    def speedsms_access(self) -> SpeedsmsAccess:
        """Raises: ValueError when something that it needs is missing."""
        token = self.speedsms_token.get_secret_value()
        if not token or ":" in token:
            raise ValueError("NOTIFY_SPEEDSMS_TOKEN is missing, or holds a colon")
        if self.speedsms_sms_type in _OWN_SENDER and not self.speedsms_sender:
            raise ValueError("NOTIFY_SPEEDSMS_SENDER is named by this NOTIFY_SPEEDSMS_SMS_TYPE")
        checked_secret(self.speedsms_webhook_secret, "NOTIFY_SPEEDSMS_WEBHOOK_SECRET")
        return SpeedsmsAccess(
            token=token,
            sms_type=self.speedsms_sms_type,
            sender=self.speedsms_sender,
            url=checked_url(self.speedsms_url, "NOTIFY_SPEEDSMS_URL"),
            timeout_s=self.speedsms_timeout_s,
        )
