"""The next of a campaign's audience become notifications, in one transaction."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from services.notify.campaigns.audience import SHARED_NUMBER, AudienceBatch, Invitee, why_not
from services.notify.campaigns.campaign import CAMPAIGNS, Campaign, FeedProgress, Stage, end
from services.notify.campaigns.pace import room_now, used_by
from services.notify.ledger.ledger import Transaction
from services.notify.ledger.records import CLAIMS, NOTIFICATIONS, NUMBERS, Claim, invited_by
from services.notify.ledger.unit_of_work import save
from services.notify.notification.notification import Notification, first, notification_id
from services.notify.notification.numbers import NumberRecord
from services.notify.notification.occasions import About, Occasion, OccasionKind
from services.notify.notification.policy import Rules
from services.notify.notification.transitions import join
from services.platform.ids import derived_event_id


@dataclass(slots=True)
class _Sorted:
    """Whom a stretch invites."""

    upto: str
    whole: bool
    claims: dict[str, Claim]
    invited: dict[str, Occasion] = field(default_factory=dict)
    """By the notification's id."""
    left_out: Counter[str] = field(default_factory=Counter)


async def feed(
    tx: Transaction, campaign_id: str, stretch: AudienceBatch, now: datetime, rules: Rules
) -> Campaign | None:
    """The campaign as it went on; None where another fed it meanwhile, or somebody stopped it."""
    campaign = (await tx.get(CAMPAIGNS, [campaign_id]))[campaign_id]
    room = room_now(campaign, now, rules)
    if not room or campaign.fed.upto != stretch.after:
        return None
    keys = {one.number_key for one in stretch.invitees if one.number_key}
    numbers = await tx.get(NUMBERS, keys)
    claims = await tx.get(CLAIMS, {invited_by(campaign_id, key) for key in keys})
    done = _sorted(campaign, stretch, room, numbers, claims)
    await _invite(tx, done.invited, now)
    await tx.put(CLAIMS, {key: c for key, c in done.claims.items() if key not in claims})
    after = replace(campaign, fed=_fed(campaign, done, now))
    await tx.put(CAMPAIGNS, {campaign_id: after})
    return after


async def finish(tx: Transaction, campaign_id: str, now: datetime) -> None:
    """For one whose last SMS has its outcome."""
    campaign = (await tx.get(CAMPAIGNS, [campaign_id]))[campaign_id]
    if campaign.stage is Stage.SENDING:
        await tx.put(CAMPAIGNS, {campaign_id: end(campaign, now)})


def _sorted(
    campaign: Campaign,
    stretch: AudienceBatch,
    room: int,
    numbers: Mapping[str, NumberRecord],
    claims: Mapping[str, Claim],
) -> _Sorted:
    done = _Sorted(stretch.after, whole=False, claims=dict(claims))
    for one in stretch.invitees:
        if len(done.invited) == room:
            return done
        _sort(one, campaign, numbers.get(one.number_key, NumberRecord()), done)
        done.upto = one.place
    done.upto, done.whole = stretch.upto, stretch.last
    return done


def _sort(one: Invitee, campaign: Campaign, number: NumberRecord, done: _Sorted) -> None:
    occasion = _occasion(one, campaign)
    id_ = notification_id(occasion.reason_id)
    claim = done.claims.get(invited_by(campaign.id, one.number_key), Claim("", id_))
    reason = why_not(one, number)
    if reason is None and claim.notification_id != id_:
        reason = SHARED_NUMBER
    if reason:
        done.left_out[reason] += 1
        return
    key = invited_by(campaign.id, one.number_key)
    done.claims[key] = Claim(key, id_)
    done.invited[id_] = occasion


def _occasion(one: Invitee, campaign: Campaign) -> Occasion:
    """Its id is the same whoever makes it, so that it can be named like an event's."""
    started_at = campaign.started_at or campaign.until
    return Occasion(
        event_id=derived_event_id(campaign.id, one.citizen_id),
        citizen_id=one.citizen_id,
        kind=OccasionKind.INVITED,
        ward=one.ward,
        at=started_at,
        recorded_at=started_at,
        until=campaign.until,
        about=About.INVITATION,
        detail=campaign.id,
    )


async def _invite(tx: Transaction, invited: Mapping[str, Occasion], now: datetime) -> None:
    known = await tx.get(NOTIFICATIONS, invited)
    fresh = {id_: _notification(o, now) for id_, o in invited.items() if id_ not in known}
    await save(tx, {}, fresh, now)


def _notification(occasion: Occasion, now: datetime) -> Notification:
    occasion = replace(occasion, recorded_at=now)
    return join(first(occasion.reason_id, occasion), [occasion], timedelta(0))


def _fed(campaign: Campaign, done: _Sorted, now: datetime) -> FeedProgress:
    return FeedProgress(
        upto=done.upto,
        at=used_by(len(done.invited), campaign, now),
        invited=campaign.fed.invited + len(done.invited),
        left_out=dict(Counter(campaign.fed.left_out) + done.left_out),
        whole=done.whole,
    )
