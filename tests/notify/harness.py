"""What notify's tests share: a clock to turn, reachable citizens, notify on twins."""

import os
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial

from pydantic import SecretStr

from services.events.assistance import CitizenAssisted
from services.events.citizens import CitizenMerged, ConsentGiven
from services.events.envelope import Event
from services.events.signatures import SignatureIssued
from services.notify.arriving.arrivals import record, stop_waiting_for, void_events
from services.notify.clock import SystemClock
from services.notify.contacts.contacts import (
    CitizenStatement,
    Contacts,
    merger_of,
    recipient_of,
    words_of,
)
from services.notify.contacts.records import CONTACT, Statement, StatementVoid
from services.notify.ledger.ledger import Ledger
from services.notify.ledger.parts import WHOLE, Part
from services.notify.notification.notification import Notification, notification_id
from services.notify.notification.occasions import reason_id, row_of
from services.notify.notification.ordering import order_of
from services.notify.notification.policy import Rules
from services.notify.notification.recipient import Recipient
from services.notify.providers.provider import Incoming
from services.notify.routing.routes import Route, Routes, RouteTerms
from services.notify.sending.dispatch import Dispatch
from services.notify.sending.drafts import Installation
from services.notify.sending.settings import SendingSettings
from services.notify.settings import NotifySettings
from services.notify.text.templates import Style
from services.notify.wiring import Parts, Stores, wire
from services.platform.personal_data.contact_wire import Contact, seal_contact, shared_message
from tests.builders import CHO_LON, SATURDAY, a_phone, an_event_id, an_id, event
from tests.twins.campaigns import CampaignsTwin
from tests.twins.contacts import ContactsTwin
from tests.twins.event_log import EventLogTwin
from tests.twins.ledger import LedgerTwin
from tests.twins.provider import ProviderTwin, nothing

WRAP_KEY = bytes(range(32))
DELAY = timedelta(minutes=30)


@dataclass
class TurnedClock(SystemClock):
    """Shows what the test sets."""

    now: datetime = SATURDAY

    def __call__(self) -> datetime:
        return self.now

    def forward(self, **by: float) -> None:
        self.now += timedelta(**by)


def notify_settings(**changes: object) -> NotifySettings:
    """Of a process that is connected to nothing."""
    values = {
        "mongo_url": SecretStr("mongodb://nowhere.example"),
        "broker_url": SecretStr("amqp://nowhere.example"),
        "token_public_key": "",
        "notify_wrap_key": WRAP_KEY,
    }
    return NotifySettings.model_validate(values | changes)


def sealed_contact(citizen_id: str, phone: str, event_id: str, at: datetime | None = None) -> bytes:
    """The body of `contact.shared`."""
    contact = Contact(phone=f"+84{phone.removeprefix('0')}")
    data_key = os.urandom(32)
    sealed = seal_contact(contact, citizen_id, data_key)
    return shared_message(citizen_id, event_id, sealed, data_key, WRAP_KEY, at)


async def share_contact(
    contacts: Contacts, citizen_id: str, phone: str | None = None, at: datetime = SATURDAY
) -> str:
    """The id of the event that brought it."""
    event_id = an_event_id()
    body = sealed_contact(citizen_id, phone or a_phone(), event_id)
    await contacts.record([shared(citizen_id, event_id, body, at)])
    return event_id


def shared(
    citizen_id: str, event_id: str, body: bytes, at: datetime = SATURDAY
) -> CitizenStatement:
    """What notify reads out of a contact's message."""
    return CitizenStatement(
        citizen_id, Statement(event_id, CONTACT, order_of(at, event_id), body=body)
    )


def merging(merged_id: str, citizen_id: str, at: datetime = SATURDAY) -> CitizenStatement:
    """The first is the second from now on."""
    return merger_of(event(CitizenMerged, at=at, citizen_id=citizen_id, merged_id=merged_id))


def taking(target: Event) -> StatementVoid:
    """Its void."""
    return StatementVoid(target.id, target.type, target.subject)


def of_contact(event_id: str) -> StatementVoid:
    """A visit's void tells of a household."""
    return StatementVoid(event_id, "citizen.assisted.v1", an_id("household"))


async def recipient_of_visits(contacts: Contacts, citizen_id: str) -> Recipient:
    return recipient_of((await contacts.persons([citizen_id]))[citizen_id], "visit", (WRAP_KEY,))


async def give_consent(contacts: Contacts, citizen_id: str, at: datetime = SATURDAY) -> None:
    await contacts.record(words_of(event(ConsentGiven, at=at, citizen_id=citizen_id)))


async def a_reachable_citizen(contacts: Contacts) -> str:
    citizen_id = an_id("citizen")
    await share_contact(contacts, citizen_id)
    await give_consent(contacts, citizen_id)
    return citizen_id


def assisted(
    citizen_id: str | None, at: datetime = SATURDAY, ward: str = CHO_LON
) -> CitizenAssisted:
    return event(CitizenAssisted, at=at, ward=ward, citizen_id=citizen_id)


def asking(style: Style) -> RouteTerms:
    """A provider whose texts are written so."""
    return RouteTerms(style=style)


def issued(citizen_id: str, at: datetime = SATURDAY) -> SignatureIssued:
    return event(SignatureIssued, at=at, citizen_id=citizen_id)


def correcting(original: Event, correction: Event) -> CitizenAssisted:
    assert isinstance(correction, CitizenAssisted)
    return correction.model_copy(update={"replaces": original.id})


async def arrive(ledger: Ledger, *events: CitizenAssisted | SignatureIssued) -> None:
    rows = [row_of(one, SATURDAY) for one in events]
    await ledger.transact(partial(record, arrived=rows, delay=DELAY))


async def withdraw(ledger: Ledger, *events: Event, at: datetime = SATURDAY) -> None:
    await ledger.transact(partial(void_events, event_ids={one.id for one in events}, at=at))


async def refuse(ledger: Ledger, *events: Event) -> None:
    ids = {one.id for one in events}
    await ledger.transact(partial(stop_waiting_for, event_ids=ids, delay=DELAY))


async def notification_of_day(
    ledger: Ledger, citizen_id: str, at: datetime = SATURDAY
) -> Notification:
    found = await ledger.find(notification_id(reason_id(citizen_id, at.date())))
    assert found is not None
    return found


@dataclass
class Kit:
    """Notify on twins."""

    clock: TurnedClock = field(default_factory=TurnedClock)
    machine_clock: TurnedClock = field(default_factory=TurnedClock)
    log: EventLogTwin = field(default_factory=EventLogTwin)
    contacts: ContactsTwin = field(default_factory=ContactsTwin)
    provider: ProviderTwin = field(default_factory=ProviderTwin)
    rules: Rules = field(default_factory=Rules)
    keys: tuple[bytes, ...] = (WRAP_KEY,)
    approved: frozenset[str] = frozenset()
    terms: RouteTerms = field(default_factory=RouteTerms)
    routes: Routes | None = None
    """Where there are several providers."""
    part: Part = WHOLE

    def __post_init__(self) -> None:
        self.ledger = LedgerTwin(self.log)
        self.callbacks = self.wired().callbacks

    def wired(self) -> Parts:
        """The parts of a process; those made later stand for the one after a crash."""
        return wire(
            notify_settings(),
            Stores(self.ledger, self.contacts, CampaignsTwin(self.ledger)),
            lambda _: self.routes or Routes([Route(self.provider, self.terms)]),
            clock=self.clock,
            machine_clock=self.machine_clock,
            installation=Installation(self.rules, self.keys, self.approved),
            sending=SendingSettings(delay=DELAY, part=self.part),
        )

    def dispatch(self) -> Dispatch:
        """A process that sends."""
        return self.wired().dispatch

    async def after(self, **by: float) -> None:
        """Time goes on, and what has become due is dealt with."""
        self.clock.forward(**by)
        self.machine_clock.forward(**by)
        while await self.dispatch().round():
            pass

    def while_it_waits(self, change: Callable[[], Awaitable[None]]) -> None:
        """Happens once, after an SMS was handed over and before its first byte."""

        async def once() -> None:
            self.provider.before_the_byte = nothing
            self.machine_clock.forward(seconds=1)
            await change()

        self.provider.before_the_byte = once

    async def answer(self, citizen_id: str, text: str) -> None:
        """By SMS, from the citizen's number."""
        phone = await self.phone_of(citizen_id)
        await self.callbacks.reply(Incoming(self.provider.name, an_id("reply"), phone, text))

    async def phone_of(self, citizen_id: str) -> str:
        """In E.164."""
        phone = (await recipient_of_visits(self.contacts, citizen_id)).phone
        assert phone is not None
        return phone

    def announced(self) -> list[str]:
        """Types of the events that notify told the others, in order."""
        return [stored.event.type for stored in self.log.entries.values()]
