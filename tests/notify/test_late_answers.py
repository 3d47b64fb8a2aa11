"""What is answered late, and what a number says of itself."""

import pytest

from services.events.answers import AssistanceConfirmed, AssistanceDisputed, CitizenOptedOut
from services.events.envelope import Event
from services.events.feedback import FeedbackReceived
from services.notify.ledger.records import REPLIES
from services.notify.providers.provider import Incoming
from services.notify.text.templates import Style
from tests.builders import SATURDAY, a_phone, an_id
from tests.notify.harness import (
    Kit,
    a_reachable_citizen,
    arrive,
    asking,
    assisted,
    give_consent,
    merging,
    notification_of_day,
    share_contact,
)


@pytest.fixture
def kit() -> Kit:
    return Kit(terms=asking(Style(reply_number="1800")))


async def reachable_by(kit: Kit, phone: str) -> str:
    citizen = an_id("citizen")
    await share_contact(kit.contacts, citizen, phone, at=kit.clock())
    await give_consent(kit.contacts, citizen, kit.clock())
    return citizen


async def told(kit: Kit, citizen: str) -> None:
    await arrive(kit.ledger, assisted(citizen, kit.clock()))
    await kit.after(hours=1)


async def says(kit: Kit, phone: str, text: str) -> None:
    await kit.callbacks.reply(Incoming("twin", an_id("reply"), phone, text))


def events(kit: Kit, *classes: type[Event]) -> list[Event]:
    return [s.event for s in kit.log.entries.values() if isinstance(s.event, classes)]


@pytest.mark.parametrize("days", [22, 150])
@pytest.mark.parametrize("text", ["1", "2", "3", "TC", "xin chao"])
async def test_answer_after_weeks_is_nobodys(kit: Kit, days: int, text: str) -> None:
    citizen = await a_reachable_citizen(kit.contacts)
    await told(kit, citizen)
    phone = kit.provider.reached[0].phone

    kit.clock.forward(days=days)
    await says(kit, phone, text)

    assert events(kit, AssistanceConfirmed, AssistanceDisputed, CitizenOptedOut) == []
    feedback = events(kit, FeedbackReceived)
    assert all(citizen not in one.model_dump_json() for one in feedback)
    [reply] = kit.ledger.records(REPLIES).values()
    assert (reply.notification_id, reply.citizen_id) == (None, None)


@pytest.mark.parametrize("days", [1, 20])
async def test_answer_within_three_weeks_counts(kit: Kit, days: int) -> None:
    await told(kit, await a_reachable_citizen(kit.contacts))
    phone = kit.provider.reached[0].phone

    kit.clock.forward(days=days)
    await says(kit, phone, "1")

    assert len(events(kit, AssistanceConfirmed)) == 1


async def is_written_to(kit: Kit, citizen: str) -> bool:
    kit.clock.forward(days=1)
    before = len(kit.provider.reached)
    await told(kit, citizen)
    return len(kit.provider.reached) > before


async def test_wrong_number_is_wrong_for_the_person_who_was_merged(kit: Kit) -> None:
    phone = a_phone()
    citizen, other = await reachable_by(kit, phone), an_id("citizen")
    await give_consent(kit.contacts, other)
    await told(kit, citizen)
    await says(kit, kit.provider.reached[0].phone, "3")

    await kit.contacts.record([merging(citizen, other)])

    assert not await is_written_to(kit, other)
    assert (await notification_of_day(kit.ledger, other, kit.clock())).reason == "wrong_number"


@pytest.mark.parametrize("first", ["1", "2", "xin chao"])
async def test_wrong_number_is_wrong_also_after_another_answer(kit: Kit, first: str) -> None:
    citizen = await a_reachable_citizen(kit.contacts)
    await told(kit, citizen)
    phone = kit.provider.reached[0].phone
    await says(kit, phone, first)

    await says(kit, phone, "3")

    assert not await is_written_to(kit, citizen)


async def test_wrong_number_is_wrong_for_all_who_gave_it_before(kit: Kit) -> None:
    phone = a_phone()
    citizen, neighbour = await reachable_by(kit, phone), await reachable_by(kit, phone)
    await told(kit, citizen)

    await says(kit, kit.provider.reached[0].phone, "3")

    assert not await is_written_to(kit, neighbour)


async def test_wrong_number_said_after_weeks_is_wrong(kit: Kit) -> None:
    citizen = await a_reachable_citizen(kit.contacts)
    await told(kit, citizen)

    kit.clock.forward(days=22)
    await says(kit, kit.provider.reached[0].phone, "3")

    assert not await is_written_to(kit, citizen)


async def test_number_that_is_given_after_it_was_wrong_is_written_to(kit: Kit) -> None:
    phone = a_phone()
    citizen = await reachable_by(kit, phone)
    await told(kit, citizen)
    await says(kit, kit.provider.reached[0].phone, "3")
    kit.clock.forward(days=1)

    await share_contact(kit.contacts, citizen, phone, at=kit.clock())

    assert await is_written_to(kit, citizen)


async def test_number_that_nobody_wrote_to_says_nothing_of_itself(kit: Kit) -> None:
    phone = a_phone()
    citizen = await reachable_by(kit, phone)

    await says(kit, f"+84{phone[1:]}", "3")

    assert await is_written_to(kit, citizen)
    assert kit.clock() > SATURDAY
