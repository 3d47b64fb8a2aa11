"""What the centre does with campaigns: makes, looks ahead, approves, starts, stops."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import partial

from services.notify.campaigns.campaign import (
    CAMPAIGNS,
    Act,
    Campaign,
    Step,
    approve,
    cancel,
    control_of,
    pause,
    resume,
    start,
)
from services.notify.campaigns.previews import Carried, Offer, carried, heaviest
from services.notify.campaigns.problems import CAMPAIGN_OVER, NOBODY_CARRIES, TEXT_TOO_LONG
from services.notify.campaigns.store import Campaigns
from services.notify.campaigns.survey import Survey, survey
from services.notify.contacts.contacts import Contacts
from services.notify.http.cursors import Place
from services.notify.ledger.controls import CONTROLS
from services.notify.ledger.ledger import Ledger, Transaction
from services.notify.notification.states import State
from services.notify.sending.drafts import Installation
from services.platform.clock import Clock
from services.platform.ids import random_id
from services.platform.problems import NOT_FOUND, Problem


class Move(StrEnum):
    """What somebody wants done with a campaign."""

    APPROVE = "approve"
    START = "start"
    PAUSE = "pause"
    RESUME = "resume"
    CANCEL = "cancel"


_HOW: Mapping[Move, Callable[[Campaign, str, datetime], Campaign]] = {
    Move.APPROVE: approve,
    Move.START: start,
    Move.PAUSE: pause,
    Move.RESUME: resume,
    Move.CANCEL: cancel,
}
_LEADING_ON = frozenset({Move.APPROVE, Move.START, Move.RESUME})


@dataclass(frozen=True, slots=True)
class CampaignRequest:
    """A campaign that somebody thinks up."""

    title: str
    text: str
    wards: tuple[str, ...]
    until: datetime
    pace_a_minute: int


class CampaignService:
    """Each change is one transaction; a refusal is a Problem. Raises: Unavailable."""

    def __init__(
        self,
        ledger: Ledger,
        contacts: Contacts,
        campaigns: Campaigns,
        installation: Installation,
        offers: Sequence[Offer],
        clock: Clock,
    ) -> None:
        self._ledger = ledger
        self._contacts = contacts
        self._campaigns = campaigns
        self.installation = installation
        self._offers = offers
        self.clock = clock

    async def make(self, wanted: CampaignRequest, by: str) -> Campaign:
        """A draft. Raises: Problem."""
        now = self.clock()
        if now >= wanted.until:
            raise Problem(CAMPAIGN_OVER, "/body/until")
        self._require_ways(wanted.text, "/body/text")
        campaign = Campaign(
            id=random_id("campaign"),
            title=wanted.title,
            text=wanted.text,
            wards=wanted.wards,
            until=wanted.until,
            pace_a_minute=wanted.pace_a_minute,
            steps=(Step(Act.MADE, by, now),),
        )
        return await self._ledger.transact(partial(_keep, campaign=campaign))

    async def move(self, campaign_id: str, move: Move, by: str) -> Campaign:
        """Raises: Problem."""
        if move in _LEADING_ON:
            await self._require_carried(campaign_id)
        now = self.clock()
        work = partial(_move, campaign_id=campaign_id, move=move, by=by, now=now)
        return await self._ledger.transact(work)

    async def _require_carried(self, campaign_id: str) -> None:
        """Senders, providers and cap may be others than when it was made."""
        self._require_ways((await self.one(campaign_id)).text)

    def _require_ways(self, text: str, at: str = "") -> None:
        ways = self.ways(text, advertises=True)
        if not ways:
            raise Problem(NOBODY_CARRIES)
        if heaviest(ways) > self.installation.rules.segments:
            raise Problem(TEXT_TOO_LONG, at)

    async def page(self, before: Place | None, limit: int) -> list[Campaign]:
        """Newest first, those behind a place."""
        return await self._campaigns.page(before, limit)

    async def one(self, campaign_id: str) -> Campaign:
        """Raises: Problem."""
        return await self._ledger.transact(partial(_read, campaign_id=campaign_id))

    async def states(self, campaign_id: str) -> dict[State, int]:
        """How many of its SMS stand where."""
        return await self._campaigns.states(campaign_id)

    async def survey(self, campaign: Campaign) -> Survey:
        """Whom it would reach now."""
        return await survey(self._ledger, self._contacts, self.installation.keys, campaign.wards)

    def ways(self, text: str, *, advertises: bool) -> tuple[Carried, ...]:
        """The text as each provider would carry it."""
        return carried(text, self._offers, advertises=advertises)


async def _move(tx: Transaction, campaign_id: str, move: Move, by: str, now: datetime) -> Campaign:
    return await _keep(tx, _HOW[move](await _read(tx, campaign_id), by, now))


async def _keep(tx: Transaction, campaign: Campaign) -> Campaign:
    await tx.put(CAMPAIGNS, {campaign.id: campaign})
    if control := control_of(campaign):
        await tx.put(CONTROLS, {control.key: control})
    return campaign


async def _read(tx: Transaction, campaign_id: str) -> Campaign:
    found = await tx.get(CAMPAIGNS, [campaign_id])
    if campaign_id not in found:
        raise Problem(NOT_FOUND)
    return found[campaign_id]
