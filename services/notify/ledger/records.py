"""What the ledger keeps beside notifications, a table a kind of record."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal

from services.events.envelope import CITY_TIME
from services.notify.ledger.table import Table
from services.notify.notification.notification import Answer, Notification
from services.notify.notification.numbers import NumberRecord
from services.notify.notification.occasions import EventRow
from services.notify.notification.states import State


@dataclass(frozen=True, slots=True)
class Claim:
    """A reason that is used up, and by which notification."""

    reason_id: str
    notification_id: str


@dataclass(frozen=True, slots=True)
class Lease:
    """For the attempts that were written ahead together: how long their process counts as alive.

    One record for all of them, because an index of its own would be written twice with each SMS.
    """

    until: datetime
    """The machine's own time."""
    notification_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Spent:
    """Segments of one ward on one day; or new numbers that one source brought on it."""

    segments: int = 0


@dataclass(frozen=True, slots=True)
class Receipt:
    """What a provider said of one message."""

    state: State | Literal["unread"]
    """Unread: a word that nobody here knows, kept as the reason for a person to read."""
    at: datetime
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class Received:
    """All receipts of one message; they may come before its id is known here."""

    notification_id: str | None = None
    receipts: tuple[Receipt, ...] = ()


@dataclass(frozen=True, slots=True)
class UnknownWord:
    """A word of a provider's receipts that nobody here knows."""

    provider: str
    word: str
    at: datetime
    """When it came last."""
    count: int = 0


@dataclass(frozen=True, slots=True)
class Reply:
    """What a citizen answered; the words themselves are kept apart, sealed, for 90 days."""

    provider: str
    answer: Answer
    at: datetime
    number_key: str
    counts: bool = False
    """It is the one answer that its notification has."""
    notification_id: str | None = None
    citizen_id: str | None = None
    ward: str | None = None
    read_by: str | None = None
    """Who found out what it means, where nobody but a person could."""
    read_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class SealedText:
    """A text for a person to read, sealed under its reply's id."""

    sealed: bytes
    until: datetime
    """Then the database removes it."""


@dataclass(frozen=True, slots=True)
class Sender:
    """Whose command is to be confirmed, sealed under the id of the SMS that gave it."""

    reply_id: str
    number_key: str
    sealed: bytes
    until: datetime
    """Then the database removes it."""


@dataclass(frozen=True, slots=True)
class Invitation:
    """Of a campaign what the dispatch reads; all of it is `campaigns.campaign.Campaign`."""

    text: str


@dataclass(frozen=True, slots=True)
class Cancellation:
    """The cancellations of one citizen's appointment that stand, by the reminder's reason."""

    at: datetime
    """When the newest was recorded."""
    by: Mapping[str, datetime] = field(default_factory=dict)
    """When each was recorded, by its event; an earlier version kept `at` alone."""
    version: int = 0


ANSWERED_WITHIN = timedelta(days=21)
"""After that nobody remembers what was asked."""


def spent_key(ward: str, at: datetime) -> str:
    """A ward's budget of the day in Ho Chi Minh City."""
    return f"{ward}/{at.astimezone(CITY_TIME).date()}"


def invited_by(campaign_id: str, number: str) -> str:
    """The reason of a number's invitation: two who share it are invited once."""
    return f"{campaign_id}/{number}"


ROWS = Table("occasions", EventRow)
NOTIFICATIONS = Table("notifications", Notification)
CLAIMS = Table("claims", Claim)
LEASES = Table("leases_of_attempts", Lease)
NUMBERS = Table("numbers", NumberRecord)
SPENT = Table("spent", Spent)
RECEIVED = Table("receipts", Received)
UNKNOWN_WORDS = Table("unread_words", UnknownWord)
REPLIES = Table("replies", Reply)
SEALED_TEXTS = Table("words", SealedText)
SENDERS = Table("senders", Sender)
CANCELLATIONS = Table("cancellations", Cancellation)
INVITATIONS = Table("campaigns", Invitation)
