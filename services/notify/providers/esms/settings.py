"""What notify is told of eSMS."""

from typing import Annotated

from pydantic import Field, SecretStr

from services.notify.providers.esms.sending import URL, EsmsAccess
from services.notify.providers.posting import checked_url
from services.notify.providers.webhooks import BASE, checked_secret
from services.platform.settings import ServiceSettings


class EsmsSettings(ServiceSettings):
    """Read only where eSMS is a provider."""

    esms_api_key: SecretStr = SecretStr("")
    esms_secret_key: SecretStr = SecretStr("")
    esms_brandname: Annotated[str, Field(pattern=r"^[A-Za-z0-9 ._-]{0,11}$")] = ""
    esms_url: str = URL
    esms_sandbox: bool = False
    esms_public_url: str = ""
    """Where eSMS reaches notify, such as `https://sms.example`; empty: no callback is asked for."""
    esms_webhook_secret: SecretStr = SecretStr("")
    """Part of the addresses that eSMS calls."""
    esms_private_key: SecretStr = SecretStr("")
    """Signs citizens' replies; empty: none are taken."""
    esms_timeout_s: float = Field(default=10.0, gt=0, le=50)

    @property
    def esms_access(self) -> EsmsAccess:
        """Raises: ValueError when something that it needs is missing."""
        api_key = self.esms_api_key.get_secret_value()
        secret_key = self.esms_secret_key.get_secret_value()
        if not (api_key and secret_key and self.esms_brandname):
            raise ValueError(
                "NOTIFY_ESMS_API_KEY, NOTIFY_ESMS_SECRET_KEY and NOTIFY_ESMS_BRANDNAME"
            )
        return EsmsAccess(
            api_key=api_key,
            secret_key=secret_key,
            brandname=self.esms_brandname,
            url=checked_url(self.esms_url, "NOTIFY_ESMS_URL"),
            callback_url=self._callback_url,
            sandbox=self.esms_sandbox,
            timeout_s=self.esms_timeout_s,
        )

    @property
    def _callback_url(self) -> str:
        secret = checked_secret(self.esms_webhook_secret, "NOTIFY_ESMS_WEBHOOK_SECRET")
        if not self.esms_public_url:
            return ""
        public = checked_url(self.esms_public_url, "NOTIFY_ESMS_PUBLIC_URL")
        return f"{public}{BASE}/esms/{secret}/receipts"
