"""The generic provider: any gateway that speaks its few lines of JSON."""

from services.notify.providers.http.sending import HttpProvider
from services.notify.providers.http.settings import HttpSettings
from services.notify.providers.http.webhooks import http_router
from services.notify.providers.kind import ProviderKind

PROVIDER = ProviderKind(
    name=HttpProvider.name,
    settings=HttpSettings,
    access=lambda settings: settings.http_access,
    make=lambda access, _: HttpProvider(access.url, access.token, access.timeout_s, access.sender),
    webhooks=http_router,
)
