"""Whoever had a number is not written to there, once somebody else is met with it."""

import os
from datetime import datetime, timedelta

from services.notify.arriving.inbox import Inbox
from services.platform.personal_data.contact_wire import (
    Contact,
    open_shared,
    seal_contact,
    shared_message,
)
from tests.builders import SATURDAY, a_phone, an_event_id
from tests.notify.harness import DELAY, WRAP_KEY, Kit, arrive, assisted, give_consent

FIRST, SECOND = "c-first", "c-second"


def inbox(kit: Kit) -> Inbox:
    return Inbox(
        kit.ledger,
        kit.contacts,
        delay=DELAY,
        clock=kit.clock,
        keys=(WRAP_KEY,),
    )


async def give(
    kit: Kit, citizen_id: str, phone: str, at: datetime, formerly: str | None = None
) -> None:
    contact, key, event_id = Contact(phone=phone, formerly=formerly), os.urandom(32), an_event_id()
    sealed = seal_contact(contact, citizen_id, key)
    body = shared_message(citizen_id, event_id, sealed, key, WRAP_KEY, at)
    await inbox(kit).contact(open_shared(body, WRAP_KEY), body)


async def visit(kit: Kit, citizen_id: str) -> int:
    """How many SMS it brought."""
    before = len(kit.provider.reached)
    await arrive(kit.ledger, assisted(citizen_id, kit.clock()))
    await kit.after(hours=1)
    return len(kit.provider.reached) - before


async def test_older_claim_is_written_to_no_more_and_the_newer_is() -> None:
    kit, phone = Kit(), f"+84{a_phone()[1:]}"
    for citizen_id in (FIRST, SECOND):
        await give_consent(kit.contacts, citizen_id)
    await give(kit, FIRST, phone, SATURDAY)
    first = await visit(kit, FIRST)

    kit.clock.forward(days=1)
    await give(kit, SECOND, phone, kit.clock(), formerly=FIRST)

    assert (first, await visit(kit, FIRST), await visit(kit, SECOND)) == (1, 0, 1)


async def test_older_claim_holds_again_once_it_is_confirmed() -> None:
    kit, phone = Kit(), f"+84{a_phone()[1:]}"
    await give_consent(kit.contacts, FIRST)
    await give(kit, FIRST, phone, SATURDAY)
    await give(kit, SECOND, phone, SATURDAY + timedelta(hours=1), formerly=FIRST)

    kit.clock.forward(days=1)
    await give(kit, FIRST, phone, kit.clock())

    assert await visit(kit, FIRST) == 1


async def test_order_of_arrival_does_not_decide_who_has_the_number() -> None:
    kit, phone = Kit(), f"+84{a_phone()[1:]}"
    await give_consent(kit.contacts, FIRST)

    await give(kit, SECOND, phone, SATURDAY + timedelta(hours=1), formerly=FIRST)
    await give(kit, FIRST, phone, SATURDAY)

    kit.clock.forward(days=1)
    assert await visit(kit, FIRST) == 0
