"""What the choice of a provider means for a draft, and for what its answer leads to; pure."""

from dataclasses import dataclass, field

from services.events.notifications import SmsChannel
from services.notify.text.templates import Style

BUSY = "provider_busy"


@dataclass(frozen=True, slots=True)
class RouteChoice:
    """By whom it would be carried, and how that one writes."""

    provider: str
    style: Style = field(default_factory=Style)
    channel: SmsChannel = "sms"


@dataclass(frozen=True, slots=True)
class ProviderTraits:
    """What matters of a provider once it answered."""

    gives_receipts: bool = True
    recognises_repeats: bool = False
    price_vnd: int = 0
    """Of a segment, where its answers do not tell."""
    has_alternative: bool = False
    """Another provider could take what it refuses."""
