"""The provider of a machine without a provider: SMS are lines in a file."""

from services.notify.providers.console.sending import Console
from services.notify.providers.console.settings import ConsoleSettings
from services.notify.providers.kind import ProviderKind

PROVIDER = ProviderKind(
    name=Console.name,
    settings=ConsoleSettings,
    access=lambda settings: settings.console_access,
    make=lambda access, parts: Console(access.file, parts.clock),
)
