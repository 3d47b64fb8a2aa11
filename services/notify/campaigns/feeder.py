"""The loop that feeds campaigns under way, beside the dispatch."""

from contextlib import suppress
from functools import partial

import structlog

from services.notify.campaigns.audience import stretch
from services.notify.campaigns.campaign import Campaign
from services.notify.campaigns.feeding import feed, finish
from services.notify.campaigns.pace import room_now
from services.notify.campaigns.store import Campaigns
from services.notify.contacts.contacts import Contacts
from services.notify.ledger.ledger import Ledger
from services.notify.notification.states import JUDGEABLE, State
from services.notify.sending.drafts import Installation
from services.platform.clock import Clock
from services.platform.retry import every
from services.platform.unavailable import Unavailable

STRETCH = 200
"""Ids gone through in one transaction."""
POLL_S = 1.0
_UNSENT = JUDGEABLE | {State.READY, State.SUBMITTING}

log = structlog.get_logger(__name__)


class Feeder:
    """Any number may run on one ledger; a stretch of an audience is fed by one of them."""

    def __init__(
        self,
        ledger: Ledger,
        contacts: Contacts,
        campaigns: Campaigns,
        installation: Installation,
        clock: Clock,
    ) -> None:
        self._ledger = ledger
        self._contacts = contacts
        self._campaigns = campaigns
        self._installation = installation
        self._clock = clock

    async def run(self) -> None:
        """Until cancelled; without a database it waits for one."""
        await every(
            POLL_S,
            self._try_round,
            on=Exception,  # the next round may fare better
            warning="a round of the feeder failed",
        )

    async def round(self) -> None:
        """Whatever the pace of each campaign allows now. Raises: Unavailable."""
        sending = await self._campaigns.sending()
        stopped = await self._stopped() if sending else frozenset[str]()
        for campaign in sending:
            latest = campaign
            while campaign.id not in stopped and (fed := await self._feed(latest)):
                latest = fed
            await self._end(latest)

    async def _try_round(self) -> None:
        with suppress(Unavailable):
            await self.round()

    async def _stopped(self) -> frozenset[str]:
        """Also by those who watch over notify as a whole."""
        controls = await self._ledger.controls()
        return controls.paused | controls.cancelled

    async def _feed(self, campaign: Campaign) -> Campaign | None:
        now, rules = self._clock(), self._installation.rules
        if not room_now(campaign, now, rules):
            return None
        next_ = await stretch(
            self._contacts, self._installation.keys, campaign.wards, campaign.fed.upto, STRETCH
        )
        work = partial(feed, campaign_id=campaign.id, stretch=next_, now=now, rules=rules)
        return await self._ledger.transact(work)

    async def _end(self, campaign: Campaign) -> None:
        now = self._clock()
        if not campaign.fed.whole and now < campaign.until:
            return
        states = await self._campaigns.states(campaign.id)
        if not states.keys() & _UNSENT:
            await self._ledger.transact(partial(finish, campaign_id=campaign.id, now=now))
