"""eSMS: sending, what its answers say, what it is told, and what it calls."""

from services.notify.providers.esms.sending import Esms
from services.notify.providers.esms.settings import EsmsSettings
from services.notify.providers.esms.webhooks import esms_router
from services.notify.providers.kind import ProviderKind

PROVIDER = ProviderKind(
    name=Esms.name,
    settings=EsmsSettings,
    access=lambda settings: settings.esms_access,
    make=lambda access, _: Esms(access),
    webhooks=esms_router,
)
