"""What notify is told of the console."""

from pathlib import Path

from services.notify.providers.console.sending import ConsoleAccess
from services.notify.providers.settings import PlanSettings


class ConsoleSettings(PlanSettings):
    """Read only where the console is a provider."""

    console_file: Path = Path("console.jsonl")

    @property
    def console_access(self) -> ConsoleAccess:
        """The file alone."""
        return ConsoleAccess(self.console_file)
