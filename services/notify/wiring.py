"""The composition root: what of notify decides and sends, on real stores or on a test's."""

from collections.abc import Callable
from dataclasses import dataclass

from fastapi import APIRouter

from services.notify.arriving.inbox import Inbox
from services.notify.callbacks.sink import LedgerCallbacks
from services.notify.campaigns.api import offers_of
from services.notify.campaigns.feeder import Feeder
from services.notify.campaigns.service import CampaignService
from services.notify.campaigns.store import Campaigns
from services.notify.clock import EventClock
from services.notify.contacts.contacts import Contacts
from services.notify.ledger.ledger import Ledger
from services.notify.providers.kind import ProviderParts
from services.notify.providers.provider import ProviderCallbacks
from services.notify.routing.routes import Route, Routes
from services.notify.sending.dispatch import Dispatch
from services.notify.sending.drafts import Installation
from services.notify.sending.settings import SendingSettings
from services.notify.settings import NotifySettings
from services.platform.clock import Clock, utc_now
from services.platform.mongo import Database

RoutesOf = Callable[[ProviderCallbacks], Routes]
"""Makes the routes of providers that call back there."""


@dataclass(frozen=True, slots=True)
class Stores:
    """What notify keeps; a test hands in twins that pass the suites of these."""

    ledger: Ledger
    contacts: Contacts
    campaigns: Campaigns


@dataclass(frozen=True, slots=True)
class Parts:
    """What works on the stores; nothing of it has begun."""

    clock: EventClock
    callbacks: LedgerCallbacks
    routes: Routes
    dispatch: Dispatch
    inbox: Inbox
    feeder: Feeder
    campaigns: CampaignService


def wire(
    settings: NotifySettings,
    stores: Stores,
    routes_of: RoutesOf,
    *,
    clock: EventClock,
    machine_clock: Clock = utc_now,
    installation: Installation | None = None,
    sending: SendingSettings | None = None,
) -> Parts:
    """What is None is as the settings say."""
    installation = installation or settings.installation
    sending = sending or settings.sending
    keys = installation.keys
    both = (stores.ledger, stores.contacts)
    callbacks = LedgerCallbacks(stores.ledger, keys, clock, settings.reply_prefix)
    routes = routes_of(callbacks)
    invited = (*both, stores.campaigns, installation)
    return Parts(
        clock=clock,
        callbacks=callbacks,
        routes=routes,
        dispatch=Dispatch(
            *both, routes, installation, sending, clock=clock, machine_clock=machine_clock
        ),
        inbox=Inbox(
            *both, delay=sending.delay, clock=clock, machine_clock=machine_clock, keys=keys
        ),
        feeder=Feeder(*invited, clock),
        campaigns=CampaignService(*invited, offers_of(settings), clock),
    )


def planned_routes(
    settings: NotifySettings, database: Database, clock: Clock, callbacks: ProviderCallbacks
) -> Routes:
    """To the providers that the settings name."""
    parts = ProviderParts(callbacks, clock, database, settings.installation.keys)
    return Routes(
        [
            Route(kind.make(kind.access(settings), parts), settings.route_terms(planned))
            for kind, planned in zip(settings.in_use, settings.plan, strict=True)
        ]
    )


def webhooks_of(settings: NotifySettings) -> list[APIRouter]:
    """What providers call; the address of one that is not in use does not exist."""
    return [kind.webhooks(settings) for kind in settings.kinds.values() if kind.webhooks]
