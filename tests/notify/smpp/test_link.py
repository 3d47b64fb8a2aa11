"""Questions and answers on one connection."""

import asyncio

from services.notify.smpp.codes import Command
from services.notify.smpp.link import Link, following
from services.notify.smpp.pdu import Pdu
from tests.eventually import eventually
from tests.notify.smpp.conftest import StartSmsc


def test_a_sequence_number_of_an_open_question_is_passed_over() -> None:
    assert following(0, {}) == 1
    assert following(4, {5, 6}) == 7
    assert following(0x7FFFFFFE, {0x7FFFFFFF, 1, 2, 4}) == 3


async def test_a_connection_that_is_ending_takes_no_question_and_answers_the_open_ones(
    start_smsc: StartSmsc,
) -> None:
    smsc = start_smsc(enquiries="ignore")
    heard: list[Pdu] = []
    link = Link(*await asyncio.open_connection("127.0.0.1", await smsc.port()), heard.append)
    running = asyncio.create_task(link.run())
    asked = link.ask(Command.ENQUIRE_LINK)
    assert asked
    await eventually(lambda: smsc.saw("enquire_link"))

    link.end("enough")

    assert link.ask(Command.ENQUIRE_LINK) is None
    assert await running == "enough"
    assert await asked is None
    await eventually(lambda: smsc.saw("close"))
    assert len(smsc.saw("enquire_link")) == 1
    assert heard == []
