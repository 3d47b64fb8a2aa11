"""Tells others whose access has ended, from what was written with the act itself."""

import asyncio
from typing import NoReturn

import structlog

from services.messaging.broker import Broker, BrokerUnavailable, Outgoing, Publisher, Unconfirmed
from services.messaging.topology import PRIVATE
from services.platform.access.ended import ACCESS_ENDED, EndedAccess, ended_message
from services.platform.mongo import Database, Document, PyMongoError
from services.platform.retry import retry
from services.registration.access.audit import ENDED

LOOK_EVERY_S = 0.2
AT_ONCE = 100
APP_ID = "registration"

log = structlog.get_logger(__name__)


class Ended:
    """At least once, in any order, and however late: what was ended stays ended."""

    def __init__(self, database: Database, broker: Broker, look_every_s: float = LOOK_EVERY_S):
        self._ended = database[ENDED]
        self._broker = broker
        self._look_every_s = look_every_s

    async def run(self) -> None:
        """Until cancelled; without the broker or the database it waits."""
        await retry(
            self._keep_telling,
            on=(BrokerUnavailable, Unconfirmed, PyMongoError),
            warning="whose access has ended was not told yet",
        )

    async def _keep_telling(self) -> NoReturn:
        async with self._broker.publisher("access") as publisher:
            while True:
                await self.tell(publisher)
                await asyncio.sleep(self._look_every_s)

    async def tell(self, publisher: Publisher) -> None:
        """All that is to be told. Raises: BrokerUnavailable, Unconfirmed, PyMongoError."""
        waiting = await self._ended.find({}).sort("_id", 1).limit(AT_ONCE).to_list(None)
        for document in waiting:
            await publisher.publish(_message(document))
            await self._ended.delete_one({"_id": document["_id"]})


def _message(document: Document) -> Outgoing:
    return Outgoing(
        exchange=PRIVATE,
        routing_key=ACCESS_ENDED,
        body=ended_message(EndedAccess(id=document["about"], at=document["at"])),
        message_id=document["_id"],
        type=ACCESS_ENDED,
        app_id=APP_ID,
        content_type="application/json",
    )
