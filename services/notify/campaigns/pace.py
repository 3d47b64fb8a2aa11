"""How fast a campaign goes: pure."""

from datetime import datetime, timedelta

from services.events.envelope import CITY_TIME
from services.notify.campaigns.campaign import Campaign, Stage
from services.notify.notification.policy import Rules, next_day, next_opening

MINUTE = timedelta(minutes=1)
CATCH_UP = timedelta(seconds=5)
"""So much of a standstill is made good; the rest would come as a burst."""


def room_now(campaign: Campaign, now: datetime, rules: Rules) -> int:
    """How many may be invited now; none outside the hours, or they would all leave at seven."""
    over = campaign.fed.whole or now >= campaign.until
    if campaign.stage is not Stage.SENDING or campaign.paused or over:
        return 0
    if next_opening(now, rules) > now:
        return 0
    return (now - _used_until(campaign, now)) * campaign.pace_a_minute // MINUTE


def used_by(invited: int, campaign: Campaign, now: datetime) -> datetime:
    """Until when the pace is used up once these are invited."""
    return _used_until(campaign, now) + invited * MINUTE / campaign.pace_a_minute


def ends_at(invited: int, pace_a_minute: int, start: datetime, rules: Rules) -> datetime:
    """When the last of them is invited, going on each day from opening to closing."""
    at, left = next_opening(start, rules), invited * MINUTE / pace_a_minute
    while left > (open_for := _closing(at, rules) - at):
        at, left = next_day(at, rules), left - open_for
    return at + left


def days_of(start: datetime, until: datetime) -> int:
    """On how many days of the city something can leave."""
    first, last = (at.astimezone(CITY_TIME).date() for at in (start, until))
    return max((last - first).days + 1, 0)


def _used_until(campaign: Campaign, now: datetime) -> datetime:
    slack = max(CATCH_UP, MINUTE / campaign.pace_a_minute)
    last = campaign.fed.at or campaign.started_at or now
    return max(last, now - slack)


def _closing(at: datetime, rules: Rules) -> datetime:
    return datetime.combine(at.astimezone(CITY_TIME).date(), rules.closes, CITY_TIME)
