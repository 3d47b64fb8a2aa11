"""What is known of one telephone number, under a keyed hash of it."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime


@dataclass(frozen=True, slots=True)
class LastText:
    """Of a citizen's SMS, by a keyed hash: a delivery that comes again right away says the same."""

    key: str
    at: datetime


@dataclass(frozen=True, slots=True)
class NumberRecord:
    """What is known of one number, whose keyed hash is the key."""

    sent: Mapping[str, datetime] = field(default_factory=dict)
    """When which notification went to it, in the last day."""
    asked: Mapping[str, datetime] = field(default_factory=dict)
    """Those of the last weeks that asked for an answer."""
    refused_at: datetime | None = None
    """Whoever has it wants no SMS of ours; a consent given later opens it again."""
    no_adverts: bool = False
    """It stands on the national list of those who want no adverts (số 5656)."""
    wrong_for: Mapping[str, str] = field(default_factory=dict)
    """Citizens whose number it is not, each with the order of the event that had brought it.

    An earlier version kept those alone of whom the SMS told that was answered.
    """
    wrong_since: str = ""
    """The order of the SMS that said so: nobody has it who gave it before."""
    confirmed: Mapping[str, datetime] = field(default_factory=dict)
    """When which of its commands was confirmed, in the last day."""
    unread: tuple[str, ...] = ()
    """Its replies that a person has still to read: until then no advert goes to it."""
    last_words: LastText | None = None
    """What came from it last."""
    words: int = 0
    """SMS of it that a person has to read, since `words_since`."""
    words_since: datetime | None = None

    @property
    def is_new(self) -> bool:
        """No SMS ever went to it."""
        return not self.sent


def without(number: NumberRecord, notification_ids: Collection[str]) -> NumberRecord:
    """Nothing of the number leads to these any more."""

    def others(told: Mapping[str, datetime]) -> Mapping[str, datetime]:
        return {id_: at for id_, at in told.items() if id_ not in notification_ids}

    return replace(
        number,
        sent=others(number.sent),
        asked=others(number.asked),
        confirmed=others(number.confirmed),
    )


LEADING_TO_NOTIFICATIONS = ("sent", "asked", "confirmed")
"""What of a number leads to notifications, and so to those they told of."""
