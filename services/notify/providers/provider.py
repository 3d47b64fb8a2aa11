"""What every provider offers, and the three ways in which a submission can end."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Protocol, runtime_checkable

from services.events.notifications import SmsChannel
from services.notify.ledger.records import Receipt

MayLeave = Callable[[], Awaitable[bool]]
"""Asked when nothing stands between an SMS and its first byte any more; raises nothing."""


async def at_once() -> bool:
    """Of an SMS that nothing can hold back."""
    return True


@dataclass(frozen=True, slots=True)
class Sms:
    """One SMS on its way out; `request_id` is ours and never used for another."""

    request_id: str
    phone: str
    """In E.164."""
    text: str
    template: str = ""
    """The permanent name of its wording, for providers that know templates by id."""
    fields: Mapping[str, str] = field(default_factory=dict)
    """What the wording was filled with, for providers that fill it themselves."""
    advertises: bool = False
    """Decree 91/2020 holds for it, and the operators' shorter segments."""
    useful_s: float | None = None
    """So long anybody wants it; None: for ever."""
    may_leave: MayLeave = field(default=at_once, repr=False, compare=False)
    """Each provider asks it right before the first byte, however long the SMS waited there."""


@dataclass(frozen=True, slots=True)
class Incoming:
    """An SMS from a citizen's phone to ours; `id` is the provider's and comes again with it.

    Of a provider that gives none it is None: only what was heard before tells a repetition.
    """

    provider: str
    id: str | None
    phone: str
    """In E.164."""
    text: str


@dataclass(frozen=True, slots=True)
class Accepted:
    """The provider took it, under an id of its own."""

    message_id: str
    cost_vnd: int = 0
    parts: tuple[str, ...] = field(default=(), compare=False)
    """Its ids of all parts, where it took them one by one; empty for one part."""


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

HELD_BACK = SurelyNotAccepted("judged_again", retryable=True)
"""It may not leave as things stand by now: no byte left, and the policy has the word again."""


class Provider(Protocol):
    """A way to citizens' phones."""

    @property
    def name(self) -> str:
        """As it stands in the ledger and in events."""

    @property
    def channel(self) -> SmsChannel:
        """How it reaches a phone; a message by Zalo is one, however long."""

    @property
    def gives_receipts(self) -> bool:
        """Whether acceptance is followed by word of the delivery."""

    @property
    def recognises_repeats(self) -> bool:
        """Whether a `request_id` shown again within a day is not sent again by the other side."""

    async def send(self, sms: Sms) -> Outcome:
        """Tries once, and always says how it ended; raises nothing of its own."""

    async def close(self) -> None:
        """Ends its connections."""


@runtime_checkable
class Connected(Protocol):
    """A provider to which a connection is kept open."""

    def begin(self) -> None:
        """Dials, and dials again whenever the connection is lost."""

    @property
    def is_connected(self) -> bool:
        """Whether an SMS would leave at once."""


class ProviderCallbacks(Protocol):
    """Takes what providers tell. Durable when it returns. Raises: Unavailable; tell it again."""

    async def receipt(
        self, provider: str, message_id: str, request_id: str | None, receipt: Receipt
    ) -> None:
        """Word of a delivery; may come first, twice, or for an SMS unknown here."""

    async def reply(self, incoming: Incoming) -> None:
        """An answer of a citizen; may come twice."""
