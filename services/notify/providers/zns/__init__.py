"""Zalo (ZNS): sending, its tokens, what its answers say, and what it calls."""

from services.notify.providers.kind import ProviderKind
from services.notify.providers.zns.sending import Zns
from services.notify.providers.zns.settings import ZnsSettings
from services.notify.providers.zns.token_store import MongoZnsTokens
from services.notify.providers.zns.webhooks import zns_router
from services.platform.clock import utc_now

PROVIDER = ProviderKind(
    name=Zns.name,
    settings=ZnsSettings,
    access=lambda settings: settings.zns_access,
    make=lambda access, parts: Zns(access, MongoZnsTokens(parts.database, parts.keys), utc_now),
    webhooks=zns_router,
)
