"""An operator's SMSC, or an aggregator's, by SMPP 3.4."""

from services.notify.providers.kind import ProviderKind
from services.notify.providers.smpp.sending import Smpp
from services.notify.providers.smpp.settings import SmppSettings

PROVIDER = ProviderKind(
    name=Smpp.name,
    settings=SmppSettings,
    access=lambda settings: settings.smpp_access,
    make=lambda access, parts: Smpp(access, parts.callbacks, parts.clock),
)
