"""SpeedSMS: sending, what its answers say, what it is told, and what it calls."""

from services.notify.providers.kind import ProviderKind
from services.notify.providers.speedsms.sending import Speedsms
from services.notify.providers.speedsms.settings import SpeedsmsSettings
from services.notify.providers.speedsms.webhooks import speedsms_router

PROVIDER = ProviderKind(
    name=Speedsms.name,
    settings=SpeedsmsSettings,
    access=lambda settings: settings.speedsms_access,
    make=lambda access, _: Speedsms(access),
    webhooks=speedsms_router,
)
