"""What is asked of campaigns, over the ledger's twin; passes the suite of the one in MongoDB."""

from collections import Counter

from services.notify.campaigns.campaign import CAMPAIGNS, Campaign, Stage
from services.notify.http.cursors import Place
from services.notify.ledger.records import NOTIFICATIONS, NUMBERS
from services.notify.notification.states import State
from services.platform.unavailable import Unavailable
from tests.twins.ledger import LedgerTwin


class CampaignsTwin:
    """Reads the ledger's tables."""

    def __init__(self, ledger: LedgerTwin) -> None:
        self._ledger = ledger

    async def page(self, before: Place | None, limit: int) -> list[Campaign]:
        found = sorted(self._campaigns(), key=_place, reverse=True)
        return [c for c in found if before is None or _place(c) < before][:limit]

    async def sending(self) -> list[Campaign]:
        return [c for c in self._campaigns() if c.stage is Stage.SENDING]

    async def states(self, campaign_id: str) -> dict[State, int]:
        self._reach()
        all_ = self._ledger.records(NOTIFICATIONS).values()
        own = (n.state for n in all_ if any(o.detail == campaign_id for o in n.occasions))
        return dict(Counter(own))

    async def listed(self, after: str, limit: int) -> list[str]:
        self._reach()
        numbers = self._ledger.records(NUMBERS).items()
        return sorted(key for key, n in numbers if n.no_adverts and key > after)[:limit]

    def _campaigns(self) -> list[Campaign]:
        self._reach()
        return list(self._ledger.records(CAMPAIGNS).values())

    def _reach(self) -> None:
        if self._ledger.down:
            raise Unavailable


def _place(campaign: Campaign) -> Place:
    return campaign.steps[0].at, campaign.id
