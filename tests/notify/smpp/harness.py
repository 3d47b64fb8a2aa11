"""Notify's way out on a real ledger: its dispatch runs, sends over SMPP and hears what comes."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from services.messaging.log.store import MongoEventLog
from services.notify.campaigns.store import MongoCampaigns
from services.notify.clock import DemoClock
from services.notify.contacts.store import MongoContacts
from services.notify.ledger.ledger import Query
from services.notify.ledger.store import MongoLedger
from services.notify.notification.notification import Notification
from services.notify.notification.policy import Rules
from services.notify.notification.states import State
from services.notify.providers.smpp.sending import Access, Smpp
from services.notify.routing.routes import Route, Routes, RouteTerms
from services.notify.sending.drafts import Installation
from services.notify.sending.outcomes import RetryPolicy
from services.notify.sending.settings import SendingSettings
from services.notify.smpp.session import SessionTerms
from services.notify.text.templates import Style
from services.notify.wiring import Stores, wire
from services.platform.mongo import Database, connect
from tests.builders import SATURDAY
from tests.eventually import PATIENCE_S
from tests.notify.harness import (
    DELAY,
    WRAP_KEY,
    a_reachable_citizen,
    arrive,
    assisted,
    notify_settings,
)
from tests.notify.smpp.drive_smpp import DriveSmpp
from tests.notify.smpp.smsc.process import Smsc

AFTER_THE_DELAY = SATURDAY + timedelta(hours=1)
SOON = RetryPolicy(first_retry=timedelta(seconds=1))


@dataclass
class Station:
    """What the tests ask of it."""

    database: Database
    log: MongoEventLog
    ledger: MongoLedger
    contacts: MongoContacts

    async def visits(self, count: int) -> list[str]:
        """To so many citizens, whose SMS are due at once."""
        citizens = [await a_reachable_citizen(self.contacts) for _ in range(count)]
        await arrive(self.ledger, *map(assisted, citizens))
        return citizens

    async def notifications(self) -> list[Notification]:
        return await self.ledger.search(Query(limit=1_000))

    async def all_in(self, *states: State) -> bool:
        return all(one.state in states for one in await self.notifications())

    async def announced(self) -> list[str]:
        """Types of the events that notify tells the others."""
        return sorted(stored.event.type for stored in await self.log.page("", 1_000))


def once_each(smsc: Smsc, what: str = "submit_sm") -> bool:
    """No phone was sent to twice."""
    phones = [one["to"] for one in smsc.saw(what)]
    return len(set(phones)) == len(phones)


@asynccontextmanager
async def station(
    mongo_url: str,
    database_name: str,
    smsc: Smsc | DriveSmpp,
    *,
    accents: bool = False,
    access: dict[str, Any] | None = None,
    **terms: float,
) -> AsyncIterator[Station]:
    """Bound at this SMSC; ends with the block."""
    client = connect(mongo_url)
    database = client[database_name]
    log = MongoEventLog(database, partitions=4)
    ledger = MongoLedger(client, database, log)
    await log.ensure_indexes()
    await ledger.ensure_indexes()
    clock, contacts = DemoClock(AFTER_THE_DELAY), MongoContacts(database)
    told = {"response_s": PATIENCE_S, "farewell_s": 0.3, "window": 20} | terms
    made = Access(
        host="127.0.0.1",
        port=smsc.port if isinstance(smsc, DriveSmpp) else await smsc.port(),
        system_id="tungngo",
        password="secret",
        sender="UBND",
        terms=SessionTerms(**told),  # type: ignore[arg-type]
        **{"patience_s": PATIENCE_S} | (access or {}),
    )
    route_terms = RouteTerms(busy_patience_s=PATIENCE_S, style=Style(accents=accents))
    parts = wire(
        notify_settings(),
        Stores(ledger, contacts, MongoCampaigns(database)),
        lambda callbacks: Routes([Route(Smpp(made, callbacks, clock), route_terms)]),
        clock=clock,
        installation=Installation(Rules(), (WRAP_KEY,)),
        sending=SendingSettings(delay=DELAY, poll_s=0.05, retry_policy=SOON),
    )
    await parts.routes.begin()
    running = asyncio.create_task(parts.dispatch.run())
    try:
        yield Station(database, log, ledger, contacts)
    finally:
        await parts.routes.close()
        parts.dispatch.stop()
        await running
        await parts.callbacks.close()
        await log.close()
        client.close()


def receipts_acknowledged(smsc: Smsc) -> Sequence[str]:
    """Ids of those that the SMSC may forget."""
    return [one["id"] for one in smsc.saw("deliver_sm_resp") if one["status"] == 0]
