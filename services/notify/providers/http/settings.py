"""What notify is told of the generic HTTP provider."""

from typing import Annotated

from pydantic import Field, SecretStr

from services.notify.providers.brand import SENDER
from services.notify.providers.http.sending import HttpAccess
from services.notify.providers.posting import checked_url
from services.notify.providers.settings import PlanSettings


class HttpSettings(PlanSettings):
    """Read only where it is a provider."""

    http_provider_url: str = ""
    http_provider_token: SecretStr = SecretStr("")
    http_provider_sender: Annotated[str, Field(pattern=SENDER)] = ""
    """A registered brand name, told with each SMS; without one no advert goes this way."""
    http_timeout_s: float = Field(default=10.0, gt=0, le=50)
    receipts_secret: SecretStr = SecretStr("")
    """What the provider's webhooks must show."""

    @property
    def http_access(self) -> HttpAccess:
        """Raises: ValueError when something that it needs is missing."""
        if len(self.receipts_secret.get_secret_value()) < 16:
            raise ValueError("NOTIFY_RECEIPTS_SECRET has at least 16 characters")
        token = self.http_provider_token.get_secret_value()
        if not token.isascii() or any(letter <= " " for letter in token):
            raise ValueError("NOTIFY_HTTP_PROVIDER_TOKEN is ASCII without spaces")
        url = checked_url(self.http_provider_url, "NOTIFY_HTTP_PROVIDER_URL")
        return HttpAccess(url, token, self.http_timeout_s, self.http_provider_sender)
