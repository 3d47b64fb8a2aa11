"""Whether an SMS may leave now: pure, asked when sending and not when queueing."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from services.events.envelope import CITY_TIME
from services.notify.notification.commands import still_holds
from services.notify.notification.notification import Notification
from services.notify.notification.numbers import NumberRecord
from services.notify.notification.occasions import About
from services.notify.notification.ordering import is_later
from services.notify.notification.recipient import Recipient

NEARLY = 0.8
ADVERTS_A_DAY = 3
"""Decree 91/2020, article 13: no setting allows more."""


@dataclass(frozen=True, slots=True)
class Rules:
    """Decree 91/2020 for advertising SMS, kept also by those that advertise nothing."""

    opens: time = time(7)
    closes: time = time(22)
    a_day: int = 3
    """To one number in 24 hours."""
    ward_segments_a_day: int | None = None
    """A ward's budget; None is no limit."""
    new_numbers_a_day: int | None = None
    """Of one phone or kiosk: numbers that no SMS went to before, for it may make them up."""
    segments: int = 3
    """Of one SMS at most."""
    confirmed_at_once: timedelta = timedelta(minutes=10)
    """A command that is younger is confirmed at any hour: whoever gave it is awake."""


@dataclass(frozen=True, slots=True)
class Send:
    """It may leave, to this number in E.164."""

    phone: str


@dataclass(frozen=True, slots=True)
class Defer:
    """Not now: looked at again then, or when what is missing comes."""

    until: datetime
    reason: str


@dataclass(frozen=True, slots=True)
class Suppress:
    """Not at all."""

    reason: str


Verdict = Send | Defer | Suppress


def judge(notification: Notification, recipient: Recipient, now: datetime, rules: Rules) -> Verdict:
    """What is known of the citizen, against the rules; what is missing may still come."""
    missing = _missing(notification, recipient)
    if reason := _never(notification, recipient):
        return Suppress(reason)
    if now >= notification.expires_at:
        return Suppress(missing or "expired")
    if missing or recipient.phone is None:
        return Defer(notification.expires_at, missing or "no_contact")
    if (opening := _opening(notification, now, rules)) > now:
        return Defer(opening, "outside_hours")
    return Send(recipient.phone)


def against(number: NumberRecord, notification: Notification, recipient: Recipient) -> str | None:
    """What whoever has the number said, and what was said of it, against this SMS."""
    if notification.about is About.COMMAND:
        return None if still_holds(notification, number) else "superseded"
    told, advertises = notification.recipient_id, notification.about.advertises
    return refused(number, recipient, told, advertises=advertises)


def refused(
    number: NumberRecord, recipient: Recipient, citizen_id: str, *, advertises: bool
) -> str | None:
    """Whoever has the number said so, after the consent and the number were given."""
    agreed_at, told = recipient.consent_at, recipient.citizen_ids | {citizen_id}
    if number.refused_at and not (agreed_at and agreed_at > number.refused_at):
        return "opted_out"
    wrong = [number.wrong_since, *(number.wrong_for.get(id_, "") for id_ in told)]
    if any(one and not is_later(recipient.contact, than=one) for one in wrong):
        return "wrong_number"
    return _no_advert(number) if advertises else None


def _no_advert(number: NumberRecord) -> str | None:
    """What a person has not read yet may be a refusal."""
    if number.unread:
        return "unread_reply"
    return "do_not_advertise" if number.no_adverts else None


def next_opening(now: datetime, rules: Rules) -> datetime:
    """`now` within the hours in which an SMS may arrive, else the next time they begin."""
    local = now.astimezone(CITY_TIME)
    if rules.opens <= local.time() < rules.closes:
        return now
    day = local.date() if local.time() < rules.opens else local.date() + timedelta(days=1)
    return datetime.combine(day, rules.opens, CITY_TIME)


def room_for_number(
    sent: Mapping[str, datetime], now: datetime, rules: Rules, *, advertises: bool = False
) -> datetime | None:
    """None where one more may go to this number, else when; `sent` is by notification."""
    most = min(rules.a_day, ADVERTS_A_DAY) if advertises else rules.a_day
    recent = sorted(at for at in sent.values() if at > now - timedelta(days=1))
    return None if len(recent) < most else recent[-most] + timedelta(days=1)


def room_in_ward(spent: int, segments: int, now: datetime, rules: Rules) -> datetime | None:
    """None where the ward's budget of today covers it, else the next day's first hour."""
    limit = rules.ward_segments_a_day
    if limit is None or spent + segments <= limit:
        return None
    return next_day(now, rules)


def room_for_source(spent: int, now: datetime, rules: Rules) -> datetime | None:
    """None where this source may bring one more new number today, else the next day's first
    hour."""
    limit = rules.new_numbers_a_day
    return None if limit is None or spent < limit else next_day(now, rules)


def is_nearly_spent(spent: int, rules: Rules) -> bool:
    """Four fifths of a ward's budget are gone: somebody should know before it ends."""
    limit = rules.ward_segments_a_day
    return limit is not None and spent >= NEARLY * limit


def next_day(now: datetime, rules: Rules) -> datetime:
    """When SMS may arrive again after midnight."""
    tomorrow = now.astimezone(CITY_TIME).date() + timedelta(days=1)
    return datetime.combine(tomorrow, rules.opens, CITY_TIME)


def _never(notification: Notification, recipient: Recipient) -> str | None:
    if reason := _untold(notification):
        return reason
    if recipient.erased:
        return "erased"
    return "consent_withdrawn" if recipient.consent is False else None


def _untold(notification: Notification) -> str | None:
    """Nothing is left to tell."""
    if notification.about is About.CORRECTION:
        return "nothing_changed" if _still_true(notification) else None
    return None if notification.standing else "voided"


def _still_true(notification: Notification) -> bool:
    """What was told stands, or something that reads the same."""
    told = notification.main_occasion
    return any(
        (o.citizen_id, o.day, o.ward) == (told.citizen_id, told.day, told.ward)
        for o in notification.standing
    )


def _opening(notification: Notification, now: datetime, rules: Rules) -> datetime:
    if notification.about is About.COMMAND:
        given_at = notification.main_occasion.at
        if given_at <= now < given_at + rules.confirmed_at_once:
            return now
    return next_opening(now, rules)


def _missing(notification: Notification, recipient: Recipient) -> str | None:
    if recipient.restricted:
        return "restricted"
    if recipient.phone is None:
        return recipient.contact_problem
    if notification.about is About.COMMAND:
        return None
    return None if recipient.consent else "no_consent"
