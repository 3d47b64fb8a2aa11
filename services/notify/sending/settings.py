"""How one process sends: its batch, its lease, its part of all notifications."""

from dataclasses import dataclass, field
from datetime import timedelta

from services.notify.ledger.parts import WHOLE, Part
from services.notify.sending.outcomes import RetryPolicy


@dataclass(frozen=True, slots=True)
class SendingSettings:
    """How the dispatch goes about its work."""

    delay: timedelta = timedelta(minutes=30)
    """After the last event of a visit."""
    at_once: int = 50
    """SMS under way at a time."""
    lease: timedelta = timedelta(seconds=60)
    """Longer than a provider may take to answer."""
    verdict_holds: timedelta = timedelta(milliseconds=250)
    """So old a verdict may be at the first byte; what it rests on is read again then."""
    poll_s: float = 0.5
    linger_s: float = 0.06
    """Answers wait so long to be written down together."""
    retry_policy: RetryPolicy = field(default_factory=RetryPolicy)
    part: Part = WHOLE
    """Of what is due; what a process left open is looked after by all."""
