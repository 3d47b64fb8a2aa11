"""What would be sent, judged and written out: pure."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from services.notify.contacts import Card, Record, card_of
from services.notify.notification import Notification
from services.notify.policy import Rules, Send, Verdict, judge
from services.notify.providers.provider import Sms
from services.notify.text.segments import segment
from services.notify.text.templates import render
from services.notify.visits import reason_id

Persons = Mapping[str, tuple[Record, ...]]


@dataclass(frozen=True, slots=True)
class House:
    """How this installation sends."""

    rules: Rules
    keys: tuple[bytes, ...]
    """They open contacts; the first also hashes numbers."""
    accents: bool = False
    """Vietnamese marks need UCS-2: two segments where one would do."""


@dataclass(frozen=True, slots=True)
class Draft:
    """A notification as it was read, and what is to become of it."""

    notification: Notification
    verdict: Verdict
    claims: frozenset[str]
    """The reasons that it would use up, under every id of its citizens."""
    sms: Sms
    """Its number is empty unless the verdict is to send."""
    template: str
    segments: int
    number_key: str

    @property
    def budget_key(self) -> str:
        """The ward whose budget it counts on; the day is added when it is sent."""
        return self.notification.told.ward


def draft(notification: Notification, persons: Persons, now: datetime, house: House) -> Draft:
    """Asks the policy and writes the text."""
    told = notification.told
    card = card_of(persons[told.citizen_id], notification.purpose, house.keys)
    verdict = judge(notification, card, now, house.rules)
    text = render(told.kind, told.day, told.ward, accents=house.accents)
    phone = verdict.phone if isinstance(verdict, Send) else ""
    request_id = f"{notification.id}-{len(notification.attempts) + 1}"
    return Draft(
        notification=notification,
        verdict=verdict,
        claims=_claims(notification, persons, card),
        sms=Sms(request_id, phone, text.body),
        template=text.template,
        segments=segment(text.body).count,
        number_key=number_key(phone, house.keys[0]),
    )


def number_key(phone: str, key: bytes) -> str:
    """A number's name in the ledger: a keyed hash."""
    return hashlib.blake2b(phone.encode(), key=key, person=b"number", digest_size=16).hexdigest()


def notification_of(request_id: str) -> str:
    """Whose attempt it was."""
    return request_id.rpartition("-")[0]


def _claims(notification: Notification, persons: Persons, card: Card) -> frozenset[str]:
    own = {record.citizen_id for record in persons[notification.citizen_id]}
    told = notification.told
    return frozenset(
        {reason_id(citizen_id, notification.day) for citizen_id in own}
        | {reason_id(citizen_id, told.day) for citizen_id in card.citizen_ids}
    )
