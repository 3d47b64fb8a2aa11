"""A void undoes in notify what its target did, whichever of them is heard first or twice."""

from collections.abc import Callable, Coroutine
from datetime import datetime, timedelta
from itertools import permutations
from typing import Any

import pytest

from services.events.appointments import AppointmentBooked, AppointmentCancelled
from services.events.assistance import CitizenAssisted
from services.events.citizens import CitizenMerged, ConsentGiven, ConsentWithdrawn
from services.events.corrections import EventRefused, EventVoided
from services.events.disputes import DisputeResolved
from services.events.envelope import Event
from services.events.requests import RequestClosed, RequestReceived
from services.notify.arriving.inbox import Inbox
from services.notify.providers.provider import Incoming
from services.notify.text.templates import Style
from services.platform.personal_data.contact_wire import open_shared
from tests.builders import SATURDAY, an_event_id, an_id, event, void
from tests.notify.harness import DELAY, WRAP_KEY, Kit, asking, assisted, sealed_contact

LATER = SATURDAY + timedelta(minutes=10)

Telling = Callable[[Inbox], Coroutine[Any, Any, None]]


class Town(Kit):
    """Notify on twins, told as its subscribers tell it."""

    @property
    def inbox(self) -> Inbox:
        return Inbox(
            self.ledger,
            self.contacts,
            delay=DELAY,
            clock=self.clock,
            machine_clock=self.machine_clock,
        )

    async def record(self, *events: Event) -> None:
        for one in events:
            await telling(one)(self.inbox)

    async def share(self, citizen: str, phone: str, visit: CitizenAssisted | None = None) -> None:
        await sharing(citizen, phone, visit)(self.inbox)

    @property
    def reached(self) -> list[str]:
        """The numbers that were told of a visit; what confirms a command is not one of them."""
        of_visits = (s for s in self.provider.reached if not s.template.startswith("command."))
        return sorted(sms.phone for sms in of_visits)


def telling(one: Event) -> Telling:
    async def tell(inbox: Inbox) -> None:  # one line a type
        match one:
            case CitizenAssisted():
                await inbox.visits([one])
            case EventVoided():
                await inbox.voids([one])
            case ConsentGiven() | ConsentWithdrawn():
                await inbox.consents([one])
            case CitizenMerged():
                await inbox.mergers([one])
            case _:
                await tell_of_wards(inbox, one)

    return tell


async def tell_of_wards(inbox: Inbox, one: Event) -> None:
    match one:
        case DisputeResolved():
            await inbox.resolutions([one])
        case AppointmentBooked():
            await inbox.bookings([one])
        case AppointmentCancelled():
            await inbox.cancellations([one])
        case RequestReceived() | RequestClosed():
            await inbox.requests([one])


def sharing(citizen: str, phone: str, visit: CitizenAssisted | None = None) -> Telling:
    """The contact that a visit brought, or another event."""
    id_ = visit.id if visit else an_event_id()
    body = sealed_contact(citizen, phone, id_, visit.time if visit else SATURDAY)
    return lambda inbox: inbox.contact(open_shared(body, WRAP_KEY), body)


def agreeing(citizen: str) -> ConsentGiven:
    return event(ConsentGiven, citizen_id=citizen)


async def all_orders_reach(tellings: list[Telling], numbers: list[str]) -> None:
    """Some of it twice; the SMS is due after all was heard."""
    for order in permutations(tellings):
        town = Town()
        for tell in (*order, order[0]):
            await tell(town.inbox)
        await town.after(hours=1)
        assert town.reached == numbers


async def test_sms_does_not_leave_on_a_consent_that_was_voided() -> None:
    citizen = an_id("citizen")
    consent = agreeing(citizen)
    told = [telling(one) for one in (consent, void(consent), assisted(citizen))]

    await all_orders_reach([*told, sharing(citizen, "0900000001")], [])


async def test_sms_leaves_though_consent_was_withdrawn_where_that_was_voided() -> None:
    citizen = an_id("citizen")
    withdrawal = event(ConsentWithdrawn, at=LATER, citizen_id=citizen)
    told = [agreeing(citizen), withdrawal, void(withdrawal), assisted(citizen)]

    await all_orders_reach([*map(telling, told), sharing(citizen, "0900000001")], ["+84900000001"])


async def test_sms_goes_to_the_number_before_the_one_typed_by_mistake() -> None:
    citizen = an_id("citizen")
    first, mistaken = assisted(citizen), assisted(citizen, LATER)
    told = [*map(telling, (agreeing(citizen), first, void(mistaken)))]
    told += [sharing(citizen, "0900000001", first), sharing(citizen, "0900000002", mistaken)]

    await all_orders_reach(told, ["+84900000001"])


async def test_both_get_their_sms_where_their_merger_was_voided() -> None:
    stays, ends = an_id("citizen"), an_id("citizen")
    merger = event(CitizenMerged, citizen_id=stays, merged_id=ends)
    town = Town()
    for citizen, phone in ((stays, "0900000001"), (ends, "0900000002")):
        await town.record(agreeing(citizen), assisted(citizen))
        await town.share(citizen, phone)

    for order in permutations([merger, void(merger), merger]):
        await town.record(*order)
    await town.after(hours=1)

    assert town.reached == ["+84900000001", "+84900000002"]


async def test_sms_suppressed_for_a_withdrawal_leaves_once_that_is_voided() -> None:
    citizen, town = an_id("citizen"), Town()
    withdrawal = event(ConsentWithdrawn, at=LATER, citizen_id=citizen)
    await town.record(agreeing(citizen), withdrawal, assisted(citizen))
    await town.share(citizen, "0900000001")
    await town.after(hours=1)
    before = town.reached

    for _ in range(2):
        await town.record(void(withdrawal))
        await town.after(minutes=1)

    assert (before, town.reached) == ([], ["+84900000001"])


async def test_sms_suppressed_for_a_merger_leaves_once_that_is_voided() -> None:
    """The SMS of the one had used up the reason of the other."""
    stays, ends = an_id("citizen"), an_id("citizen")
    merger = event(CitizenMerged, citizen_id=stays, merged_id=ends)
    town = Town()
    await town.record(merger)
    for citizen, phone in ((stays, "0900000001"), (ends, "0900000002")):
        await town.record(agreeing(citizen), assisted(citizen))
        await town.share(citizen, phone)
    await town.after(hours=1)
    as_one_person = town.reached

    await town.record(void(merger))
    await town.after(minutes=1)
    parted = town.reached
    await town.record(event(CitizenMerged, at=LATER, citizen_id=stays, merged_id=ends))
    await town.after(hours=1)

    assert as_one_person == ["+84900000001"]
    assert parted == town.reached == ["+84900000001", "+84900000002"]


async def test_sms_that_a_void_does_not_free_stays_suppressed_for_what_stands() -> None:
    citizen, town = an_id("citizen"), Town()
    mistaken, meant = (event(ConsentWithdrawn, at=LATER, citizen_id=citizen) for _ in range(2))
    await town.record(agreeing(citizen), mistaken, meant, assisted(citizen))
    await town.share(citizen, "0900000001")
    await town.after(hours=1)

    await town.record(void(mistaken))
    await town.after(hours=1)

    assert town.reached == []
    assert town.announced() == ["notification.suppressed.v1"]


STARTS_AT = SATURDAY + timedelta(days=2)


def booked(citizen: str, at: datetime = SATURDAY) -> AppointmentBooked:
    return event(AppointmentBooked, at=at, citizen_id=citizen, starts_at=STARTS_AT.isoformat())


def cancelled(citizen: str, at: datetime = LATER) -> AppointmentCancelled:
    return event(AppointmentCancelled, at=at, citizen_id=citizen, starts_at=STARTS_AT.isoformat())


@pytest.mark.parametrize("twice", [0, 1, 2])
async def test_reminder_comes_back_where_the_cancellation_was_voided(twice: int) -> None:
    citizen = an_id("citizen")
    cancellation = cancelled(citizen)
    told = [booked(citizen), cancellation, void(cancellation)]
    consent = event(ConsentGiven, citizen_id=citizen, purposes=["reminder"])

    for order in permutations(told):
        town = Town()
        await town.record(consent, *order, told[twice])
        await town.share(citizen, "0900000001")
        await town.after(days=1, hours=1)
        assert town.reached == ["+84900000001"]


@pytest.mark.parametrize("voided", ["the booking", "one of two cancellations"])
async def test_nobody_is_reminded_where_what_stands_says_so(voided: str) -> None:
    citizen = an_id("citizen")
    booking, cancellation = booked(citizen), cancelled(citizen)
    told: list[Event] = [booking, void(booking)]
    if voided == "one of two cancellations":
        again = cancelled(citizen, LATER + timedelta(minutes=1))
        told = [booking, cancellation, void(cancellation), again]
    consent = event(ConsentGiven, citizen_id=citizen, purposes=["reminder"])

    for order in permutations(told):
        town = Town()
        await town.record(consent, *order, order[0])
        await town.share(citizen, "0900000001")
        await town.after(days=1, hours=1)
        assert town.reached == []


async def test_reminder_that_was_given_up_for_a_cancellation_leaves_once_that_is_voided() -> None:
    citizen, town = an_id("citizen"), Town()
    cancellation = cancelled(citizen)
    consent = event(ConsentGiven, citizen_id=citizen, purposes=["reminder"])
    await town.record(consent, booked(citizen), cancellation)
    await town.share(citizen, "0900000001")
    await town.after(days=1, hours=1)
    given_up = town.announced()

    await town.record(void(cancellation))
    await town.after(minutes=1)

    assert given_up == ["notification.suppressed.v1"]
    assert town.reached == ["+84900000001"]


@pytest.mark.parametrize("void_first", [True, False])
async def test_outcome_that_was_voided_is_not_told(*, void_first: bool) -> None:
    town = Town(terms=asking(Style(reply_number="1800")))
    citizen = an_id("citizen")
    visit = assisted(citizen)
    await town.record(agreeing(citizen), visit)
    await town.share(citizen, "0900000001")
    await town.after(hours=1)
    await town.callbacks.reply(Incoming("twin", "reply-1", "+84900000001", "2"))
    resolution = event(DisputeResolved, event_id=visit.id, outcome="confirmed")

    told: list[Event] = [resolution, void(resolution)]
    await town.record(*(reversed(told) if void_first else told), resolution)
    await town.after(hours=1)

    assert len(town.reached) == 1


async def test_end_of_a_refusal_leaves_nothing_in_notify() -> None:
    town = Town()
    refusal = event(EventRefused)

    await town.record(void(refusal))

    assert not town.contacts.voids
    assert not any(town.ledger.tables.values())
