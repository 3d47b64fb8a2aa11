"""What people stopped: providers, templates and campaigns, for now or for good."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from services.notify.ledger.table import Table


class ControlKind(StrEnum):
    """What can be stopped."""

    PROVIDER = "provider"
    TEMPLATE = "template"
    CAMPAIGN = "campaign"


@dataclass(frozen=True, slots=True)
class Control:
    """One thing that does not go on, and who said so."""

    kind: ControlKind
    name: str
    by: str
    at: datetime
    for_good: bool = False
    lifted: bool = False
    """It goes on again; who said so stays."""

    @property
    def key(self) -> str:
        """Under which it is kept."""
        return control_key(self.kind, self.name)


@dataclass(frozen=True, slots=True)
class Controls:
    """All of them at one instant, by kind."""

    providers: frozenset[str] = frozenset()
    paused: frozenset[str] = frozenset()
    """Templates and campaigns."""
    cancelled: frozenset[str] = frozenset()
    """Campaigns that never go on."""


CONTROLS = Table("controls", Control)


def control_key(kind: ControlKind, name: str) -> str:
    """Such as `provider/smpp`."""
    return f"{kind}/{name}"


def controls_of(found: Mapping[str, Control]) -> Controls:
    """What the dispatch asks for."""
    all_ = [control for control in found.values() if not control.lifted]
    others = [c for c in all_ if c.kind is not ControlKind.PROVIDER]
    return Controls(
        providers=frozenset(c.name for c in all_ if c.kind is ControlKind.PROVIDER),
        paused=frozenset(c.name for c in others if not c.for_good),
        cancelled=frozenset(c.name for c in others if c.for_good),
    )
