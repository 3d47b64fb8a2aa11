"""What notify is told of Zalo's notifications."""

from typing import Annotated

from pydantic import Field, SecretStr

from services.notify.providers.posting import checked_url
from services.notify.providers.zns.sending import OAUTH_URL, URL, ZnsAccess
from services.notify.providers.zns.tokens import Grant
from services.platform.settings import ServiceSettings

_TemplateId = Annotated[str, Field(pattern=r"^[0-9]{1,20}$")]


class ZnsSettings(ServiceSettings):
    """Read only where Zalo is a provider."""

    zns_app_id: Annotated[str, Field(pattern=r"^[0-9]{0,30}$")] = ""
    zns_secret_key: SecretStr = SecretStr("")
    """Of the app."""
    zns_refresh_token: SecretStr = SecretStr("")
    """The first one; those that follow it are kept by notify."""
    zns_oa_secret: SecretStr = SecretStr("")
    """Signs the webhook's calls; empty: none are taken."""
    zns_templates: dict[str, _TemplateId] = Field(default_factory=dict)
    """JSON: Zalo's id of each of our templates, by its permanent name."""
    zns_development: bool = False
    zns_url: str = URL
    zns_oauth_url: str = OAUTH_URL
    zns_timeout_s: float = Field(default=10.0, gt=0, le=50)

    @property
    def zns_access(self) -> ZnsAccess:
        """Raises: ValueError when something that it needs is missing."""
        if not self.zns_templates:
            raise ValueError("NOTIFY_ZNS_TEMPLATES names no template")
        return ZnsAccess(
            grant=self._zns_grant,
            templates=self.zns_templates,
            url=checked_url(self.zns_url, "NOTIFY_ZNS_URL"),
            development=self.zns_development,
            timeout_s=self.zns_timeout_s,
        )

    @property
    def _zns_grant(self) -> Grant:
        secret_key = self.zns_secret_key.get_secret_value()
        refresh_token = self.zns_refresh_token.get_secret_value()
        if not (self.zns_app_id and secret_key and refresh_token):
            raise ValueError("NOTIFY_ZNS_APP_ID, NOTIFY_ZNS_SECRET_KEY, NOTIFY_ZNS_REFRESH_TOKEN")
        if not secret_key.isascii() or any(letter <= " " for letter in secret_key):
            raise ValueError("NOTIFY_ZNS_SECRET_KEY is ASCII without spaces")
        url = checked_url(self.zns_oauth_url, "NOTIFY_ZNS_OAUTH_URL")
        return Grant(self.zns_app_id, secret_key, refresh_token, url)
