"""The client: bound again whatever happens, until it is closed."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import replace
from itertools import islice
from typing import Any

import pytest

from services.notify.smpp.bodies import Message
from services.notify.smpp.client import Client
from services.notify.smpp.keeper import Backoff
from services.notify.smpp.outcomes import NotSent, SubmitAccepted
from services.notify.smpp.receipts import receipt_of
from services.notify.smpp.session import Keep
from tests.eventually import PATIENCE_S, SILENCE_S, eventually
from tests.notify.smpp.conftest import StartSmsc, account_at, an_sms, forget
from tests.notify.smpp.smsc.process import Smsc

MakeClient = Callable[..., Awaitable[Client]]


@pytest.fixture
async def client() -> AsyncIterator[MakeClient]:
    """Each is closed with the test."""
    made: list[Client] = []

    async def make(
        smsc: Smsc, keep: Keep = forget, account: dict[str, Any] | None = None, **terms: float
    ) -> Client:
        given = replace(await account_at(smsc, **terms), **(account or {}))
        made.append(Client(given, keep))
        return made[-1]

    yield make
    for one in made:
        await one.close()


async def bound_times(smsc: Smsc, count: int) -> None:
    await eventually(lambda: len(smsc.saw("bind_transceiver")) >= count)


@pytest.mark.parametrize("way", ["drop", "unbind"])
async def test_a_client_that_was_left_comes_back(
    start_smsc: StartSmsc, client: MakeClient, way: str
) -> None:
    smsc = start_smsc()
    sms = await client(smsc)
    assert await sms.submit(an_sms(), PATIENCE_S) == SubmitAccepted("00000001")

    smsc.tell(way)
    await bound_times(smsc, 2)

    assert await sms.submit(an_sms(), PATIENCE_S) == SubmitAccepted("00000002")
    assert [one["connection"] for one in smsc.saw("submit_sm")] == [1, 2]


async def test_a_client_leaves_a_hung_smsc_and_comes_back(
    start_smsc: StartSmsc, client: MakeClient
) -> None:
    smsc = start_smsc(enquiries="ignore")
    sms = await client(smsc, enquire_s=0.05, response_s=SILENCE_S / 3)
    await bound_times(smsc, 2)

    smsc.tell("behave", enquiries="answer")

    await eventually(lambda: smsc.saw("close"))
    await eventually(lambda: _is_accepted(sms))


async def _is_accepted(sms: Client) -> bool:
    return isinstance(await sms.submit(an_sms(), PATIENCE_S), SubmitAccepted)


async def test_a_refused_client_knocks_again(start_smsc: StartSmsc, client: MakeClient) -> None:
    smsc = start_smsc(bind_status=0x0D)
    sms = await client(smsc)
    await bound_times(smsc, 3)

    smsc.tell("behave", bind_status=0)

    assert await sms.submit(an_sms(), PATIENCE_S) == SubmitAccepted("00000001")


async def test_a_submit_waits_for_the_session_that_comes_back(
    start_smsc: StartSmsc, client: MakeClient
) -> None:
    smsc = start_smsc()
    sms = await client(smsc)
    await bound_times(smsc, 1)
    smsc.tell("behave", bind_status=0x0D)
    smsc.tell("drop")
    await bound_times(smsc, 3)

    submit = asyncio.create_task(sms.submit(an_sms(), PATIENCE_S))
    await bound_times(smsc, 5)
    smsc.tell("behave", bind_status=0)

    assert await submit == SubmitAccepted("00000001")


async def test_without_a_session_nothing_is_sent(start_smsc: StartSmsc, client: MakeClient) -> None:
    smsc = start_smsc(bind_status=0x0D)
    sms = await client(smsc)

    assert await sms.submit(an_sms(), patience_s=0.1) == NotSent()
    assert smsc.saw("submit_sm") == []


async def test_who_waits_for_a_place_too_long_is_not_sent(
    start_smsc: StartSmsc, client: MakeClient
) -> None:
    smsc = start_smsc(submits="hold")
    sms = await client(smsc, window=1)
    first = asyncio.create_task(sms.submit(an_sms(), PATIENCE_S))
    await eventually(lambda: smsc.saw("submit_sm"))

    assert await sms.submit(an_sms(), patience_s=0.1) == NotSent()

    smsc.tell("release")
    assert await first == SubmitAccepted("00000001")
    assert len(smsc.saw("submit_sm")) == 1


async def test_a_pair_sends_on_one_connection_and_is_told_on_the_other(
    start_smsc: StartSmsc, client: MakeClient
) -> None:
    smsc = start_smsc(receipts="after")
    told: list[Message] = []

    async def keep(message: Message) -> None:
        told.append(message)

    sms = await client(smsc, keep, account={"in_pairs": True})
    await eventually(lambda: smsc.saw("bind_receiver"))

    assert await sms.submit(an_sms(), PATIENCE_S) == SubmitAccepted("00000001")
    await eventually(lambda: [found.message_id for m in told if (found := receipt_of(m))])
    [transmitter] = smsc.saw("bind_transmitter")
    assert [one["connection"] for one in smsc.saw("submit_sm")] == [transmitter["connection"]]
    assert smsc.saw("bind_transceiver") == []


async def test_a_closed_client_has_unbound_and_stays_away(
    start_smsc: StartSmsc, client: MakeClient
) -> None:
    smsc = start_smsc()
    sms = await client(smsc)
    await sms.submit(an_sms(), PATIENCE_S)

    await sms.close()

    await eventually(lambda: smsc.saw("close"))
    assert len(smsc.saw("unbind")) == 1
    assert await sms.submit(an_sms(), patience_s=0.1) == NotSent()
    assert len(smsc.saw("bind_transceiver")) == 1


def test_a_client_comes_back_ever_more_slowly_and_never_with_the_others() -> None:
    backoff = Backoff(first_s=1, longest_s=6)

    assert list(islice(backoff.pauses(lambda: 0.0), 5)) == [1, 2, 4, 6, 6]
    assert list(islice(backoff.pauses(lambda: 1.0), 5)) == [0.5, 1, 2, 3, 3]
    assert len(set(islice(backoff.pauses(), 20))) == 20
