"""How a session begins, stays alive and ends."""

import asyncio
import struct

import pytest

from services.notify.smpp.client import bound
from services.notify.smpp.codes import Command
from services.notify.smpp.fields import LONGEST
from services.notify.smpp.outcomes import Lost, NotSent, SubmitAccepted, TimedOut
from services.notify.smpp.session import BindRefused
from tests.eventually import PATIENCE_S, SILENCE_S, eventually, patience
from tests.notify.smpp.conftest import OpenSession, StartSmsc, account_at, an_sms, forget


def raw(command: int, body: bytes, length: int | None = None) -> str:
    header = struct.pack(">IIII", length or 16 + len(body), command, 0, 77)
    return (header + body).hex()


async def test_a_session_says_who_it_is(start_smsc: StartSmsc, open_session: OpenSession) -> None:
    smsc = start_smsc()

    await open_session(smsc)

    [bind] = smsc.saw("bind_transceiver")
    assert (bind["system_id"], bind["password"]) == ("tungngo", "secret")


async def test_a_refused_bind_keeps_its_status(start_smsc: StartSmsc) -> None:
    smsc = start_smsc(bind_status=0x0E)

    with pytest.raises(BindRefused) as refused:
        await bound(await account_at(smsc), Command.BIND_TRANSCEIVER, forget)

    assert refused.value.status == 0x0E
    await eventually(lambda: smsc.saw("close"))


async def test_where_nobody_listens_there_is_no_session(start_smsc: StartSmsc) -> None:
    smsc = start_smsc()
    account = await account_at(smsc)
    smsc.end()

    with pytest.raises(OSError, match=r"refused|Connect"):
        await bound(account, Command.BIND_TRANSCEIVER, forget)


async def test_a_bind_that_is_never_answered_is_given_up(start_smsc: StartSmsc) -> None:
    smsc = start_smsc()
    account = await account_at(smsc, response_s=SILENCE_S / 3)
    smsc.pause()

    with pytest.raises(ConnectionError):
        await bound(account, Command.BIND_TRANSCEIVER, forget)


async def test_an_idle_peer_is_asked_whether_it_is_there(
    start_smsc: StartSmsc, open_session: OpenSession
) -> None:
    smsc = start_smsc()
    session = await open_session(smsc, enquire_s=0.05)

    await eventually(lambda: len(smsc.saw("enquire_link")) >= 3)

    assert isinstance(await session.submit(an_sms()), SubmitAccepted)


async def test_a_peer_that_does_not_say_whether_it_is_there_is_left(
    start_smsc: StartSmsc, open_session: OpenSession
) -> None:
    smsc = start_smsc(enquiries="ignore", submits="ignore")
    session = await open_session(smsc, enquire_s=0.1, response_s=SILENCE_S / 3)
    await eventually(lambda: smsc.saw("enquire_link"))

    submitted = await session.submit(an_sms())

    assert submitted in {Lost(), TimedOut()}  # both waits end at nearly the same time
    assert await session.ended() == "peer_silent"
    assert await session.submit(an_sms()) == NotSent()


async def test_a_peer_that_has_stopped_reading_is_left(
    start_smsc: StartSmsc, open_session: OpenSession
) -> None:
    smsc = start_smsc()
    session = await open_session(smsc, enquire_s=0.1, response_s=SILENCE_S / 3)

    smsc.pause()

    async with patience():
        assert await session.ended() == "peer_silent"


async def test_the_peer_is_told_that_we_are_there(
    start_smsc: StartSmsc, open_session: OpenSession
) -> None:
    smsc = start_smsc()
    await open_session(smsc)

    smsc.tell("enquire")

    await eventually(lambda: smsc.saw("enquire_link_resp"))


async def test_closing_hears_out_what_is_in_flight_and_unbinds(
    start_smsc: StartSmsc, open_session: OpenSession
) -> None:
    smsc = start_smsc(delay_ms=100)
    session = await open_session(smsc, farewell_s=PATIENCE_S)
    submit = asyncio.create_task(session.submit(an_sms()))
    await eventually(lambda: smsc.saw("submit_sm"))

    await session.close()

    assert await submit == SubmitAccepted("00000001")
    assert [one["waiting"] for one in smsc.saw("unbind")] == [0]
    assert await session.ended() == "closed"
    await eventually(lambda: smsc.saw("close"))


async def test_closing_does_not_wait_for_ever(
    start_smsc: StartSmsc, open_session: OpenSession
) -> None:
    smsc = start_smsc(submits="ignore")
    session = await open_session(smsc, farewell_s=0.2)
    submit = asyncio.create_task(session.submit(an_sms()))
    await eventually(lambda: smsc.saw("submit_sm"))

    async with patience():
        await session.close()

    assert await submit == Lost()


async def test_a_peer_that_unbinds_may_still_answer_what_is_in_flight(
    start_smsc: StartSmsc, open_session: OpenSession
) -> None:
    smsc = start_smsc(submits="hold")
    session = await open_session(smsc, window=1, farewell_s=PATIENCE_S)
    submits = [asyncio.create_task(session.submit(an_sms())) for _ in range(2)]
    await eventually(lambda: smsc.saw("submit_sm"))

    smsc.tell("unbind")
    await eventually(lambda: smsc.saw("unbind_resp"))
    smsc.tell("release")

    assert await asyncio.gather(*submits) == [SubmitAccepted("00000001"), NotSent()]
    assert await session.ended() == "unbound_by_peer"


async def test_a_peer_that_is_killed_ends_the_session(
    start_smsc: StartSmsc, open_session: OpenSession
) -> None:
    smsc = start_smsc(submits="hold")
    session = await open_session(smsc)
    submit = asyncio.create_task(session.submit(an_sms()))
    await eventually(lambda: smsc.saw("submit_sm"))

    smsc.end()

    assert await submit == Lost()
    assert await session.ended() in {"closed_by_peer", "connection_lost"}


@pytest.mark.parametrize(
    ("octets", "status"),
    [
        (raw(0x0021, b"submit_multi"), 0x03),
        (raw(Command.DATA_SM, b"too short"), 0x02),
        (raw(Command.DELIVER_SM, b"too short"), 0x02),
        (raw(Command.BIND_TRANSMITTER, bytes(7)), 0x03),
    ],
)
async def test_a_pdu_that_cannot_be_taken_is_refused_and_the_session_goes_on(
    start_smsc: StartSmsc, open_session: OpenSession, octets: str, status: int
) -> None:
    smsc = start_smsc()
    session = await open_session(smsc)

    smsc.tell("raw", hex=octets)

    await eventually(
        lambda: (
            smsc.saw("generic_nack") == [{"saw": "generic_nack", "status": status, "sequence": 77}]
        )
    )
    assert isinstance(await session.submit(an_sms()), SubmitAccepted)


@pytest.mark.parametrize("length", [15, LONGEST + 1])
async def test_a_length_that_no_pdu_has_ends_the_session(
    start_smsc: StartSmsc, open_session: OpenSession, length: int
) -> None:
    smsc = start_smsc()
    session = await open_session(smsc)

    smsc.tell("raw", hex=raw(Command.ENQUIRE_LINK, b"", length))

    assert await session.ended() == "not_smpp"
    await eventually(
        lambda: [(one["status"], one["sequence"]) for one in smsc.saw("generic_nack")] == [(2, 0)]
    )


async def test_answers_that_nobody_waits_for_are_passed_over(
    start_smsc: StartSmsc, open_session: OpenSession
) -> None:
    smsc = start_smsc()
    session = await open_session(smsc)

    for command in (Command.SUBMIT_SM_RESP, Command.GENERIC_NACK, 0x8000_0021):
        smsc.tell("raw", hex=raw(command, b"stray\0"))
    smsc.tell("enquire")
    await eventually(lambda: smsc.saw("enquire_link_resp"))

    assert isinstance(await session.submit(an_sms()), SubmitAccepted)
    assert smsc.saw("generic_nack") == []
