"""What every provider offers, and the three ways in which a submission can end."""

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Sms:
    """One SMS on its way out; `request_id` is ours and never used for another."""

    request_id: str
    phone: str
    """In E.164."""
    text: str


@dataclass(frozen=True, slots=True)
class Accepted:
    """The provider took it, under an id of its own."""

    message_id: str
    cost_vnd: int = 0


@dataclass(frozen=True, slots=True)
class SurelyNotAccepted:
    """It did not and will not leave; `retryable` where another attempt can succeed."""

    reason: str
    retryable: bool
    retry_after_s: float | None = None


@dataclass(frozen=True, slots=True)
class Unknown:
    """It may have left: it must not be sent again."""

    reason: str


Outcome = Accepted | SurelyNotAccepted | Unknown


class Provider(Protocol):
    """A way to citizens' phones."""

    @property
    def name(self) -> str:
        """As it stands in the ledger and in events."""

    @property
    def gives_receipts(self) -> bool:
        """Whether acceptance is followed by word of the delivery."""

    async def send(self, sms: Sms) -> Outcome:
        """Tries once, and always says how it ended; raises nothing of its own."""

    async def close(self) -> None:
        """Ends its connections."""
