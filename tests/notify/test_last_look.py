"""What changes while an SMS waits for its first byte."""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from functools import partial

import pytest

from services.events.citizens import ConsentWithdrawn
from services.notify.contacts.contacts import words_of
from services.notify.ledger.controls import CONTROLS, Control, ControlKind
from services.notify.ledger.ledger import Transaction
from services.notify.notification.policy import Rules
from services.notify.notification.states import State
from services.notify.text.templates import Style
from tests.builders import SATURDAY, event
from tests.notify.harness import (
    Kit,
    a_reachable_citizen,
    arrive,
    asking,
    assisted,
    merging,
    notification_of_day,
    share_contact,
    withdraw,
)

Change = Callable[[Kit, str], Awaitable[None]]
VISIT = assisted(None)


async def it_gets_late(kit: Kit, _: str) -> None:
    kit.clock.now = SATURDAY.replace(hour=22)


async def nobody_wants_to_hear_of_it(kit: Kit, _: str) -> None:
    kit.clock.forward(days=4)


async def consent_is_withdrawn(kit: Kit, citizen: str) -> None:
    await kit.contacts.record(words_of(event(ConsentWithdrawn, citizen_id=citizen)))


async def the_citizen_is_erased(kit: Kit, citizen: str) -> None:
    await kit.contacts.erase([citizen])


async def the_phone_changes(kit: Kit, citizen: str) -> None:
    await share_contact(kit.contacts, citizen, at=SATURDAY + timedelta(minutes=5))


async def the_number_refuses(kit: Kit, citizen: str) -> None:
    await kit.answer(citizen, "TC")


async def the_number_is_another_persons(kit: Kit, citizen: str) -> None:
    await kit.answer(citizen, "3")


async def the_visit_is_voided(kit: Kit, citizen: str) -> None:
    notification = await notification_of_day(kit.ledger, citizen)
    await withdraw_id(kit, notification.occasions[0].event_id)


async def withdraw_id(kit: Kit, event_id: str) -> None:
    await withdraw(kit.ledger, VISIT.model_copy(update={"id": event_id}))


async def the_provider_is_paused(kit: Kit, _: str) -> None:
    control = Control(ControlKind.PROVIDER, kit.provider.name, "/user/centre-1", SATURDAY)
    await kit.ledger.transact(partial(_stop, control=control))


async def the_wording_is_paused(kit: Kit, _: str) -> None:
    control = Control(
        ControlKind.TEMPLATE, "visit.assisted.asking.plain.v2", "/user/centre-1", SATURDAY
    )
    await kit.ledger.transact(partial(_stop, control=control))


async def _stop(tx: Transaction, control: Control) -> None:
    await tx.put(CONTROLS, {control.key: control})


@pytest.mark.parametrize(
    ("change", "becomes"),
    [
        (it_gets_late, "outside_hours"),
        (nobody_wants_to_hear_of_it, "expired"),
        (consent_is_withdrawn, "consent_withdrawn"),
        (the_citizen_is_erased, "erased"),
        (the_number_refuses, "opted_out"),
        (the_number_is_another_persons, "wrong_number"),
        (the_visit_is_voided, "voided"),
        (the_provider_is_paused, "no_provider"),
        (the_wording_is_paused, "paused"),
    ],
)
async def test_sms_that_waits_for_its_first_byte_does_not_leave_once_it_may_not(
    change: Change, becomes: str
) -> None:
    kit = Kit(terms=asking(Style(reply_number="8199")))
    citizen = await a_reachable_citizen(kit.contacts)
    await arrive(kit.ledger, assisted(citizen))

    kit.while_it_waits(partial(change, kit, citizen))
    await kit.after(minutes=31)

    assert [sms for sms in kit.provider.reached if sms.template.startswith("visit.")] == []
    assert (await notification_of_day(kit.ledger, citizen)).reason == becomes


async def test_person_who_was_told_under_another_record_is_not_told_again() -> None:
    kit = Kit()
    told = await a_reachable_citizen(kit.contacts)
    await arrive(kit.ledger, assisted(told))
    await kit.after(minutes=31)
    citizen = await a_reachable_citizen(kit.contacts)
    await arrive(kit.ledger, assisted(citizen, SATURDAY + timedelta(minutes=31)))

    kit.while_it_waits(partial(kit.contacts.record, [merging(citizen, told)]))
    await kit.after(minutes=31)

    assert len(kit.provider.reached) == 1
    found = await notification_of_day(kit.ledger, citizen)
    assert (found.state, found.reason) == (State.SUPPRESSED, "same_visit")


async def test_sms_leaves_to_the_number_that_came_while_it_waited() -> None:
    kit = Kit()
    citizen = await a_reachable_citizen(kit.contacts)
    await arrive(kit.ledger, assisted(citizen))

    kit.while_it_waits(partial(the_phone_changes, kit, citizen))
    await kit.after(minutes=31)

    (sms,) = kit.provider.reached
    assert sms.phone == await kit.phone_of(citizen)


async def test_sms_that_was_held_back_is_no_try_and_leaves_when_it_may() -> None:
    kit = Kit(rules=Rules(ward_segments_a_day=1, a_day=1))
    citizen = await a_reachable_citizen(kit.contacts)
    await arrive(kit.ledger, assisted(citizen))

    kit.while_it_waits(partial(it_gets_late, kit, citizen))
    await kit.after(minutes=31)
    held_back = list(kit.provider.reached)
    await kit.after(hours=10)

    assert (held_back, len(kit.provider.reached)) == ([], 1)


async def test_without_a_database_nothing_leaves_that_waited() -> None:
    kit = Kit()
    citizen = await a_reachable_citizen(kit.contacts)
    await arrive(kit.ledger, assisted(citizen))

    async def nobody_answers() -> None:
        kit.contacts.down = True

    kit.while_it_waits(nobody_answers)
    kit.clock.forward(minutes=31)
    await kit.dispatch().round()

    assert kit.provider.reached == []
    assert (await notification_of_day(kit.ledger, citizen)).state is State.RETRY_AT


async def test_what_changed_nothing_lets_the_sms_go() -> None:
    kit = Kit()
    citizen = await a_reachable_citizen(kit.contacts)
    await arrive(kit.ledger, assisted(citizen))

    async def another_is_visited() -> None:
        other = await a_reachable_citizen(kit.contacts)
        await arrive(kit.ledger, assisted(other, kit.clock()))

    kit.while_it_waits(another_is_visited)
    await kit.after(minutes=31)

    (sms,) = kit.provider.reached
    assert sms.phone == await kit.phone_of(citizen)
