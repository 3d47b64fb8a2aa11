"""What becomes of a submit, at an SMSC that is not ours."""

import asyncio
from collections.abc import Sequence

import pytest

from services.notify.smpp.bodies import Message
from services.notify.smpp.codes import Command
from services.notify.smpp.fields import Malformed
from services.notify.smpp.outcomes import (
    HeldBack,
    Lost,
    NotSent,
    Outcome,
    SubmitAccepted,
    SubmitRefused,
    Throttled,
    TimedOut,
)
from services.notify.smpp.pdu import Pdu, encode
from services.notify.smpp.session import Session
from services.notify.smpp.texts import messages
from tests.eventually import SILENCE_S, eventually, patience
from tests.notify.smpp.conftest import OpenSession, StartSmsc, an_sms
from tests.notify.smpp.smsc.process import Smsc


def under_way(session: Session, count: int) -> list[asyncio.Task[Outcome]]:
    return [asyncio.create_task(session.submit(an_sms())) for _ in range(count)]


async def outcomes(submits: Sequence[asyncio.Task[Outcome]]) -> list[Outcome]:
    async with patience():
        return await asyncio.gather(*submits)


async def seen(smsc: Smsc, what: str, count: int = 1) -> None:
    await eventually(lambda: len(smsc.saw(what)) >= count)


async def test_an_accepted_submit_has_the_id_that_the_smsc_gave(
    start_smsc: StartSmsc, open_session: OpenSession
) -> None:
    smsc = start_smsc()
    session = await open_session(smsc)

    [message] = messages("mà [7] @ 2 €", an_sms(), reference=1)
    outcome = await session.submit(message)

    assert outcome == SubmitAccepted("00000001")
    [seen] = smsc.saw("submit_sm")
    assert (seen["text"], seen["to"], seen["from"]) == ("mà [7] @ 2 €", "84900000001", "UBND")
    assert (seen["coding"], seen["registered"], seen["udh"]) == (0, 1, [])


async def test_a_long_text_arrives_in_parts_that_the_phone_joins(
    start_smsc: StartSmsc, open_session: OpenSession
) -> None:
    smsc = start_smsc()
    session = await open_session(smsc)
    text = "Tổ công tác đã ghi nhận. " + "😀" * 40

    for part in messages(text, an_sms(), reference=7):
        assert isinstance(await session.submit(part), SubmitAccepted)

    first, second = smsc.saw("submit_sm")
    assert first["text"] + second["text"] == text
    assert [first["udh"], second["udh"]] == [["0003070201"], ["0003070202"]]
    assert {first["coding"], second["coding"]} == {8}


async def test_no_more_than_the_window_is_ever_in_flight(
    start_smsc: StartSmsc, open_session: OpenSession
) -> None:
    smsc = start_smsc(submits="hold")
    session = await open_session(smsc, window=5)

    submits = under_way(session, 60)
    await seen(smsc, "submit_sm", 5)
    smsc.tell("behave", submits="answer", delay_ms=10)
    smsc.tell("release")
    got = await outcomes(submits)

    assert len({one.message_id for one in got if isinstance(one, SubmitAccepted)}) == 60
    waiting = [one["waiting"] for one in smsc.saw("submit_sm")]
    assert len(waiting) == 60
    assert max(waiting) == 5


@pytest.mark.parametrize(
    ("status", "outcome"),
    [
        (0x58, Throttled(0x58)),
        (0x14, Throttled(0x14)),
        (0x0B, SubmitRefused(0x0B)),
        (0xFF, SubmitRefused(0xFF)),
        (0x400, SubmitRefused(0x400)),
    ],
)
async def test_a_refusal_keeps_its_status_and_throttling_is_told_apart(
    start_smsc: StartSmsc, open_session: OpenSession, status: int, outcome: Outcome
) -> None:
    smsc = start_smsc(status=status)
    session = await open_session(smsc)

    assert await session.submit(an_sms()) == outcome


async def test_a_submit_that_the_smsc_cannot_read_is_refused(
    start_smsc: StartSmsc, open_session: OpenSession
) -> None:
    smsc = start_smsc(submits="hold")
    session = await open_session(smsc)
    submits = under_way(session, 1)
    await seen(smsc, "submit_sm")
    sequence = smsc.saw("submit_sm")[0]["sequence"]

    smsc.tell("raw", hex=encode(Pdu(Command.GENERIC_NACK, sequence, status=0x02)).hex())

    assert await outcomes(submits) == [SubmitRefused(0x02)]


async def test_a_submit_that_is_never_answered_is_unknown(
    start_smsc: StartSmsc, open_session: OpenSession
) -> None:
    smsc = start_smsc(submits="ignore")
    session = await open_session(smsc, response_s=SILENCE_S / 3)

    assert await session.submit(an_sms()) == TimedOut()
    assert len(smsc.saw("submit_sm")) == 1


async def test_an_unanswered_submit_keeps_its_place_until_the_late_answer(
    start_smsc: StartSmsc, open_session: OpenSession
) -> None:
    smsc = start_smsc(submits="hold")
    session = await open_session(smsc, window=2, response_s=SILENCE_S)
    assert await session.submit(an_sms()) == TimedOut()

    second, third = under_way(session, 2)
    await seen(smsc, "submit_sm", 2)
    smsc.tell("behave", submits="answer")
    smsc.tell("release")

    assert await outcomes([second, third]) == [
        SubmitAccepted("00000002"),
        SubmitAccepted("00000003"),
    ]
    assert max(one["waiting"] for one in smsc.saw("submit_sm")) <= 2


async def test_a_window_that_is_never_answered_ends_the_session(
    start_smsc: StartSmsc, open_session: OpenSession
) -> None:
    smsc = start_smsc(submits="ignore")
    session = await open_session(smsc, window=2, response_s=SILENCE_S / 3)

    got = await outcomes(under_way(session, 3))

    assert got == [TimedOut(), TimedOut(), NotSent()]
    assert await session.ended() == "window_never_answered"


async def test_a_connection_that_drops_tells_what_left_from_what_did_not(
    start_smsc: StartSmsc, open_session: OpenSession
) -> None:
    smsc = start_smsc(submits="hold", drop_at=10)
    session = await open_session(smsc, window=10)

    got = await outcomes(under_way(session, 25))

    assert got == [Lost()] * 10 + [NotSent()] * 15
    assert len(smsc.saw("submit_sm")) == 10
    assert await session.submit(an_sms()) == NotSent()


async def test_sequence_numbers_begin_anew_after_the_last(
    start_smsc: StartSmsc, open_session: OpenSession
) -> None:
    smsc = start_smsc(submits="hold")
    session = await open_session(smsc, first_sequence=0x7FFFFFFC)

    submits = under_way(session, 6)
    await seen(smsc, "submit_sm", 6)
    smsc.tell("release")
    await outcomes(submits)

    sequences = [one["sequence"] for one in smsc.saw("submit_sm")]
    assert sequences == [0x7FFFFFFD, 0x7FFFFFFE, 0x7FFFFFFF, 1, 2, 3]


async def test_a_message_that_no_pdu_holds_leaves_its_place_to_others(
    start_smsc: StartSmsc, open_session: OpenSession
) -> None:
    smsc = start_smsc()
    session = await open_session(smsc, window=1)

    with pytest.raises(Malformed):
        await session.submit(Message(destination_addr="1" * 40))

    assert await session.submit(an_sms()) == SubmitAccepted("00000001")


async def test_a_submit_that_may_leave_no_more_gives_its_place_to_the_next(
    start_smsc: StartSmsc, open_session: OpenSession
) -> None:
    smsc = start_smsc(submits="hold")
    session = await open_session(smsc, window=1)
    asked = list[str]()

    async def no_more() -> bool:
        asked.append("it")
        return False

    [first] = under_way(session, 1)
    await seen(smsc, "submit_sm")
    held_back = asyncio.create_task(session.submit(an_sms(), may_leave=no_more))
    [last] = under_way(session, 1)
    too_early = list(asked)
    smsc.tell("behave", submits="answer")
    smsc.tell("release")
    got = await outcomes([first, held_back, last])

    assert too_early == []
    assert isinstance(got[0], SubmitAccepted)
    assert isinstance(got[2], SubmitAccepted)
    assert got[1] == HeldBack()
    assert len(smsc.saw("submit_sm")) == 2


async def test_a_cancelled_submit_keeps_its_place_until_it_is_answered(
    start_smsc: StartSmsc, open_session: OpenSession
) -> None:
    smsc = start_smsc(submits="hold")
    session = await open_session(smsc, window=1)
    [first] = under_way(session, 1)
    await seen(smsc, "submit_sm")

    first.cancel()
    [second] = under_way(session, 1)
    smsc.tell("enquire")
    await seen(smsc, "enquire_link_resp")

    assert len(smsc.saw("submit_sm")) == 1
    smsc.tell("behave", submits="answer")
    smsc.tell("release")
    assert await outcomes([second]) == [SubmitAccepted("00000002")]
