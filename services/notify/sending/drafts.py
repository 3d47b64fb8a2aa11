"""What would be sent, judged and written out: pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import NamedTuple

from services.events.notifications import SmsChannel
from services.notify.contacts.contacts import Persons, recipient_of
from services.notify.contacts.number_keys import number_key
from services.notify.ledger.controls import Controls
from services.notify.ledger.records import Sender, invited_by
from services.notify.ledger.sealing import unseal
from services.notify.notification.notification import Notification
from services.notify.notification.occasions import About, Reason
from services.notify.notification.policy import Defer, Rules, Send, Suppress, Verdict, judge
from services.notify.notification.recipient import Recipient
from services.notify.providers.provider import Sms
from services.notify.routing.choice import RouteChoice
from services.notify.text.segments import billed
from services.notify.text.templates import Style, Text, render


@dataclass(frozen=True, slots=True)
class Installation:
    """How this installation sends."""

    rules: Rules
    keys: tuple[bytes, ...]
    """The newest first. They open contacts; the oldest also names numbers."""
    approved: frozenset[str] = frozenset()
    """Names of the wordings that may leave; empty: all of them."""


@dataclass(frozen=True, slots=True)
class Snapshot:
    """What holds for all drafts of one instant."""

    now: datetime
    persons: Persons
    invitations: Mapping[str, str] = field(default_factory=dict)
    """The approved texts of campaigns, by their ids."""
    controls: Controls = field(default_factory=Controls)
    senders: Mapping[str, Sender] = field(default_factory=dict)
    """To whom confirmations go, by their ids."""


class Draft(NamedTuple):
    """A notification as it was read, and what is to become of it."""

    notification: Notification
    verdict: Verdict
    claims: frozenset[str]
    """The reasons that it would use up, under every id of its citizens."""
    sms: Sms
    """Its number is empty unless the verdict is to send."""
    provider: str
    channel: SmsChannel
    asks: bool
    segments: int
    number_key: str
    recipient: Recipient

    @property
    def budget_key(self) -> str:
        """The ward whose budget it counts on; the day is added when it is sent."""
        return self.notification.main_occasion.ward

    @property
    def is_counted(self) -> bool:
        """On the number's day and the ward's budget: what the law has us confirm is on neither."""
        return self.notification.about is not About.COMMAND

    def is_stopped_by(self, controls: Controls) -> bool:
        """Somebody stopped its provider, its wording or its campaign."""
        names = {self.sms.template, self.campaign}
        return self.provider in controls.providers or bool(
            names & (controls.paused | controls.cancelled)
        )

    @property
    def campaign(self) -> str:
        """Empty where it is of none."""
        return self.notification.main_occasion.detail if self.notification.about.advertises else ""


PAUSE_WAIT = timedelta(seconds=30)
"""Until a paused one is looked at again."""


def draft(
    notification: Notification,
    choice: RouteChoice | None,
    snapshot: Snapshot,
    installation: Installation,
) -> Draft:
    """Asks the policy and writes the text."""
    recipient = _recipient(notification, snapshot, installation.keys)
    verdict = judge(notification, recipient, snapshot.now, installation.rules)
    text = _text(notification, choice, snapshot)
    channel = choice.channel if choice else "sms"
    segments = _segments(text, channel, advertises=notification.about.advertises)
    if isinstance(verdict, Send):
        verdict = _allowed(notification, text, segments, snapshot, installation) or verdict
        verdict = verdict if choice else Defer(snapshot.now + PAUSE_WAIT, "no_provider")
    phone = verdict.phone if isinstance(verdict, Send) else ""
    number = number_key(phone, installation.keys)
    return Draft(
        notification=notification,
        verdict=verdict,
        claims=_claims(notification, snapshot.persons, recipient) | _invited(notification, number),
        sms=_sms(notification, phone, text, snapshot.now),
        provider=choice.provider if choice else "",
        channel=channel,
        asks=text.asks,
        segments=segments,
        number_key=number,
        recipient=recipient,
    )


def _recipient(
    notification: Notification, snapshot: Snapshot, keys: tuple[bytes, ...]
) -> Recipient:
    """Whoever gave a command is told by the number that gave it, whoever that is."""
    told = notification.main_occasion.citizen_id
    if notification.about is not About.COMMAND:
        return recipient_of(snapshot.persons[told], notification.about.purpose, keys)
    sender = snapshot.senders.get(notification.id)
    phone = unseal(sender.sealed, sender.reply_id, *keys) if sender else None
    return Recipient(frozenset({told}), phone, erased=phone is None)


def _text(notification: Notification, choice: RouteChoice | None, snapshot: Snapshot) -> Text:
    style = choice.style if choice else Style()
    return render(notification, style, snapshot.invitations)


def _segments(text: Text, channel: SmsChannel, *, advertises: bool) -> int:
    return 1 if channel == "zns" else billed(text.body, advertises=advertises)


def _allowed(
    notification: Notification,
    text: Text,
    segments: int,
    snapshot: Snapshot,
    installation: Installation,
) -> Verdict | None:
    """None where nothing about the text stands against it."""
    campaign = notification.main_occasion.detail if notification.about.advertises else ""
    if campaign and campaign in snapshot.controls.cancelled:
        return Suppress("campaign_cancelled")
    if text.asks and not text.fields["number"]:
        return Suppress("no_reply_number")
    if segments > installation.rules.segments:
        return Suppress("too_long")
    if {text.template, campaign} & snapshot.controls.paused:
        return Defer(snapshot.now + PAUSE_WAIT, "paused")
    if installation.approved and not campaign and text.template not in installation.approved:
        return Defer(snapshot.now + PAUSE_WAIT, "not_approved")
    return None


def _sms(notification: Notification, phone: str, text: Text, now: datetime) -> Sms:
    """A repetition goes under the id that its provider may know already."""
    again = notification.unsettled
    request_id = (
        again.request_id if again else f"{notification.id}-{len(notification.attempts) + 1}"
    )
    return Sms(
        request_id,
        phone,
        text.body,
        template=text.template,
        fields=text.fields,
        advertises=notification.about.advertises,
        useful_s=(notification.expires_at - now).total_seconds(),
    )


def _claims(notification: Notification, persons: Persons, recipient: Recipient) -> frozenset[str]:
    told = notification.main_occasion
    if len(recipient.citizen_ids) == 1 and (told.citizen_id, told.day) == (
        notification.citizen_id,
        notification.day,
    ):
        return frozenset({notification.reason_id})
    reason = Reason.read(notification.reason_id)
    own = {record.citizen_id for record in persons[notification.citizen_id]}
    return frozenset(
        {_reason_of(reason, citizen_id, notification.day) for citizen_id in own}
        | {_reason_of(reason, id_, told.day) for id_ in recipient.citizen_ids}
    )


def _invited(notification: Notification, number: str) -> frozenset[str]:
    if not notification.about.advertises:
        return frozenset()
    return frozenset({invited_by(notification.main_occasion.detail, number)})


def _reason_of(reason: Reason, citizen_id: str, day: date) -> str:
    return str(reason._replace(citizen_id=citizen_id, day=day))
