"""All providers: a new one costs its folder, its line here, and its settings among the others."""

from collections.abc import Mapping
from typing import Any

from services.notify.providers import console, esms, http, smpp, speedsms, zns
from services.notify.providers.console.settings import ConsoleSettings
from services.notify.providers.esms.settings import EsmsSettings
from services.notify.providers.http.settings import HttpSettings
from services.notify.providers.kind import ProviderKind
from services.notify.providers.smpp.settings import SmppSettings
from services.notify.providers.speedsms.settings import SpeedsmsSettings
from services.notify.providers.zns.settings import ZnsSettings

PROVIDERS: Mapping[str, ProviderKind[Any, Any]] = {
    kind.name: kind
    for kind in (
        console.PROVIDER,
        http.PROVIDER,
        smpp.PROVIDER,
        esms.PROVIDER,
        speedsms.PROVIDER,
        zns.PROVIDER,
    )
}
"""By name."""


class ProviderSettings(
    ConsoleSettings, HttpSettings, SmppSettings, EsmsSettings, SpeedsmsSettings, ZnsSettings
):
    """What is told of each; read only where the plan names it."""
