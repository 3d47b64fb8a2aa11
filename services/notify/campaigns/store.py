"""What is asked of campaigns beyond single records, which the ledger's transactions write."""

from typing import Any, Protocol

from pymongo import IndexModel

from services.notify.campaigns.campaign import CAMPAIGNS, Campaign, Stage
from services.notify.http.cursors import Place
from services.notify.ledger.records import NOTIFICATIONS, NUMBERS
from services.notify.notification.states import State
from services.platform.mongo import Database, Document, or_unavailable

_MADE_AT = "steps.0.at"


class Campaigns(Protocol):
    """Raises: Unavailable."""

    async def page(self, before: Place | None, limit: int) -> list[Campaign]:
        """Newest first, those behind a place: when they were made, and their ids."""

    async def sending(self) -> list[Campaign]:
        """Those under way, paused or not."""

    async def states(self, campaign_id: str) -> dict[State, int]:
        """How many of its SMS stand where."""

    async def listed(self, after: str, limit: int) -> list[str]:
        """Keys of numbers that want no adverts, in their order."""


class MongoCampaigns:
    """Reads beside the ledger, in its database."""

    def __init__(self, database: Database) -> None:
        self._campaigns = database[CAMPAIGNS.name]
        self._notifications = database[NOTIFICATIONS.name]
        self._numbers = database[NUMBERS.name]

    async def ensure_indexes(self) -> None:
        """Run again it changes nothing."""
        only: Document = {"about": "invitation"}
        of_campaign = [("occasions.detail", 1), ("state", 1)]
        await self._notifications.create_indexes(
            [IndexModel(of_campaign, name="campaign", partialFilterExpression=only)]
        )
        only = {"no_adverts": True}
        listed = [("no_adverts", 1), ("_id", 1)]
        await self._numbers.create_indexes(
            [IndexModel(listed, name="no_adverts", partialFilterExpression=only)]
        )

    async def page(self, before: Place | None, limit: int) -> list[Campaign]:
        return await self._found(_behind(before) if before else {}, limit)

    async def sending(self) -> list[Campaign]:
        return await self._found({"stage": Stage.SENDING.value}, 0)

    async def states(self, campaign_id: str) -> dict[State, int]:
        own = {"about": "invitation", "occasions.detail": campaign_id}
        counted = {"$group": {"_id": "$state", "count": {"$sum": 1}}}
        found = await _read(self._notifications.aggregate([{"$match": own}, counted]))
        return {State(document["_id"]): document["count"] for document in found}

    async def listed(self, after: str, limit: int) -> list[str]:
        asked = {"no_adverts": True, "_id": {"$gt": after}}
        found = await _read(self._numbers.find(asked, {"_id": 1}).sort("_id", 1).limit(limit))
        return [document["_id"] for document in found]

    async def _found(self, asked: Document, limit: int) -> list[Campaign]:
        """Ids begin with nothing of the time: the first step tells it."""
        cursor = self._campaigns.find(asked).sort([(_MADE_AT, -1), ("_id", -1)])
        return [CAMPAIGNS.from_document(d) for d in await _read(cursor.limit(limit))]


def _behind(place: Place) -> Document:
    at, id_ = place
    return {"$or": [{_MADE_AT: {"$lt": at}}, {_MADE_AT: at, "_id": {"$lt": id_}}]}


async def _read(cursor: Any) -> list[Document]:
    with or_unavailable():
        found: list[Document] = await cursor.to_list(None)
    return found
