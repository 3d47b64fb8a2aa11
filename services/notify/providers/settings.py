"""Which providers an installation has."""

from services.notify.providers.plan import Planned, read_plan
from services.platform.settings import ServiceSettings


class PlanSettings(ServiceSettings):
    """Read by whoever must know which providers are in use."""

    providers: str = "console"
    """Such as `smpp:3,esms:1;speedsms`: shares, and after a `;` who comes where those are down."""

    @property
    def plan(self) -> tuple[Planned, ...]:
        """Who carries the SMS. Raises: ValueError."""
        return read_plan(self.providers)

    @property
    def named(self) -> tuple[str, ...]:
        """The providers of the plan."""
        return tuple(planned.name for planned in self.plan)
