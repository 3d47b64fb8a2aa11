"""What nobody but a person understands waits for one, and no advert leaves meanwhile."""

import pytest

from services.events.answers import CitizenOptedOut
from services.notify.callbacks.reply_reading import (
    AT_MOST,
    ReplyReading,
    read_by_person,
    with_unread_reply,
)
from services.notify.contacts.number_keys import number_key
from services.notify.ledger.records import NUMBERS, REPLIES
from services.notify.notification.notification import Answer
from services.notify.notification.numbers import NumberRecord
from services.notify.text.templates import Style
from tests.notify.harness import WRAP_KEY, Kit, asking
from tests.notify.test_conversation import asked, says, told


@pytest.fixture
def kit() -> Kit:
    return Kit(terms=asking(Style(reply_number="1800")))


def unread_of(kit: Kit, phone: str) -> tuple[str, ...]:
    return kit.ledger.records(NUMBERS)[number_key(phone, (WRAP_KEY,))].unread


async def read(kit: Kit, reply_id: str, means: Answer) -> None:
    assert means in (Answer.STOP, Answer.OTHER)
    reading = ReplyReading(reply_id, means, "/user/ward-1")
    await kit.ledger.transact(lambda tx: read_by_person(tx, reading, kit.clock()))


@pytest.mark.parametrize("text", ["dung nhan tin", "Hủy lịch hẹn", "không", "1?", "🙏", "ai đó"])
async def test_words_that_are_not_understood_wait_for_a_person(kit: Kit, text: str) -> None:
    _, phone = await asked(kit)

    await says(kit, phone, text, id_="m-1")

    assert unread_of(kit, phone) == ("twin/m-1",)


@pytest.mark.parametrize("text", ["1", "2", "3", "TC", "DK"])
async def test_words_that_are_understood_wait_for_nobody(kit: Kit, text: str) -> None:
    _, phone = await asked(kit)

    await says(kit, phone, text)

    number = kit.ledger.records(NUMBERS)[number_key(phone, (WRAP_KEY,))]
    assert number.unread == ()


async def test_a_change_of_mind_waits_for_a_person_too(kit: Kit) -> None:
    _, phone = await asked(kit)
    await says(kit, phone, "1")

    await says(kit, phone, "2", id_="m-2")

    assert unread_of(kit, phone) == ("twin/m-2",)


async def test_once_all_is_read_adverts_may_leave_again(kit: Kit) -> None:
    _, phone = await asked(kit)
    await says(kit, phone, "xin chao", id_="m-1")
    await says(kit, phone, "ai do", id_="m-2")

    await read(kit, "twin/m-1", Answer.OTHER)
    left = unread_of(kit, phone)
    await read(kit, "twin/m-2", Answer.OTHER)

    assert (left, unread_of(kit, phone)) == (("twin/m-2",), ())
    reply = kit.ledger.records(REPLIES)["twin/m-1"]
    assert (reply.read_by, reply.read_at) == ("/user/ward-1", kit.clock())


async def test_a_refusal_that_a_person_finds_holds_and_is_told_once(kit: Kit) -> None:
    _, phone = await asked(kit)
    await says(kit, phone, "dung nhan tin", id_="m-1")

    for _ in range(2):
        await read(kit, "twin/m-1", Answer.STOP)

    number = kit.ledger.records(NUMBERS)[number_key(phone, (WRAP_KEY,))]
    assert number.refused_at == kit.clock()
    assert len(told(kit, CitizenOptedOut)) == 1


async def test_what_was_understood_is_not_read_anew(kit: Kit) -> None:
    _, phone = await asked(kit)
    await says(kit, phone, "1", id_="m-1")

    await read(kit, "twin/m-1", Answer.STOP)

    number = kit.ledger.records(NUMBERS)[number_key(phone, (WRAP_KEY,))]
    assert number.refused_at is None


def test_number_keeps_so_many_unread_at_most() -> None:
    number = NumberRecord()
    for n in range(AT_MOST + 1):
        number = with_unread_reply(number, f"twin/{n}")

    assert (len(number.unread), number.unread[-1]) == (AT_MOST, f"twin/{AT_MOST}")
