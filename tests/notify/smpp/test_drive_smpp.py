"""The client before Kannel's `drive_smpp`, which knows no transceiver."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from deploy.local.ports import LOOPBACK, free_port
from services.notify.notification.states import State
from services.notify.smpp.bodies import Message
from services.notify.smpp.client import Account, Client
from services.notify.smpp.keeper import Backoff
from services.notify.smpp.outcomes import NotSent, SubmitAccepted
from services.notify.smpp.receipts import receipt_of
from services.notify.smpp.session import Keep, SessionTerms
from services.notify.smpp.texts import text_of
from tests.eventually import PATIENCE_S, eventually
from tests.notify.smpp.conftest import WHO, an_sms, forget
from tests.notify.smpp.drive_smpp import DriveSmpp, installed, running
from tests.notify.smpp.harness import station

SUBMITS = 200
SENT = 50

Start = Callable[..., DriveSmpp]
MakeClient = Callable[..., Client]


@pytest.fixture(scope="session")
def program() -> Path:
    return installed()


@pytest.fixture
def start(real_processes: None, program: Path, tmp_path: Path) -> Iterator[Start]:
    """Each ends with the test."""
    with ExitStack() as stack:

        def start_(port: int | None = None, messages: int = 0) -> DriveSmpp:
            log = tmp_path / f"drive_smpp-{len(list(tmp_path.iterdir()))}.log"
            return stack.enter_context(running(program, port or free_port(), messages, log))

        yield start_


@pytest.fixture
async def client() -> AsyncIterator[MakeClient]:
    """A transmitter and a receiver; each pair is closed with the test."""
    made: list[Client] = []

    def make(smsc: DriveSmpp, keep: Keep = forget) -> Client:
        soon = Backoff(first_s=0.05, longest_s=0.2)
        terms = SessionTerms(response_s=PATIENCE_S, farewell_s=0.3)
        account = Account(LOOPBACK, smsc.port, WHO, in_pairs=True, terms=terms, backoff=soon)
        made.append(Client(account, keep))
        return made[-1]

    yield make
    for one in made:
        await one.close()


async def test_every_submit_is_taken_once(start: Start, client: MakeClient) -> None:
    smsc = start()
    sms = client(smsc)
    given = [f"so {n}" for n in range(SUBMITS)]

    outcomes = await asyncio.gather(
        *(sms.submit(an_sms(text.encode()), PATIENCE_S) for text in given)
    )

    assert outcomes == [SubmitAccepted("")] * SUBMITS
    assert sorted(smsc.texts) == sorted(given)
    assert (smsc.handled("bind_transmitter"), smsc.handled("bind_transceiver")) == (1, 0)


async def test_what_it_sends_is_kept_and_acknowledged(start: Start, client: MakeClient) -> None:
    smsc = start(messages=SENT)
    kept: list[Message] = []

    async def keep(message: Message) -> None:
        kept.append(message)

    client(smsc, keep)
    await eventually(lambda: smsc.handled("deliver_sm_resp") == SENT)

    assert [text_of(message) for message in kept] == [str(n + 1) for n in range(SENT)]
    assert {(message.source_addr, message.destination_addr) for message in kept} == {("456", "123")}
    assert smsc.handled("enquire_link_resp") == SENT
    assert smsc.handled("bind_receiver") == 1


async def test_a_message_that_names_another_is_read_as_its_receipt(
    start: Start, client: MakeClient
) -> None:
    """It adds receipted_message_id to messages that are no receipts by their esm_class."""
    smsc = start(messages=1)
    kept: list[Message] = []

    async def keep(message: Message) -> None:
        kept.append(message)

    client(smsc, keep)
    await eventually(lambda: kept)

    receipt = receipt_of(kept[0])
    assert receipt is not None
    assert (receipt.message_id, receipt.state) == ("receipted_message_id", None)


async def test_what_cannot_be_kept_is_answered_too(start: Start, client: MakeClient) -> None:
    smsc = start(messages=SENT)
    asked = 0

    async def keep(message: Message) -> None:
        nonlocal asked
        asked += 1
        raise OSError("no room")

    sms = client(smsc, keep)
    await eventually(lambda: smsc.handled("deliver_sm_resp") == SENT)

    assert asked == SENT
    assert await sms.submit(an_sms(), PATIENCE_S) == SubmitAccepted("")


async def test_it_goes_away_and_comes_back(start: Start, client: MakeClient) -> None:
    smsc = start()
    sms = client(smsc)
    assert await sms.submit(an_sms(b"truoc"), PATIENCE_S) == SubmitAccepted("")

    smsc.end()
    await eventually(lambda: _not_sent(sms))
    again = start(port=smsc.port, messages=1)

    assert await sms.submit(an_sms(b"sau"), PATIENCE_S) == SubmitAccepted("")
    assert (smsc.texts, again.texts) == (["truoc"], ["sau"])
    await eventually(lambda: again.handled("deliver_sm_resp") == 1)


async def test_notifications_leave_by_a_pair_of_connections_and_each_once(
    start: Start, mongo_url: str, database_name: str
) -> None:
    """It gives no ids: ours stand for them."""
    smsc = start()
    in_pairs = {"in_pairs": True}
    async with station(mongo_url, database_name, smsc, access=in_pairs) as notify:
        await notify.visits(SENT)
        await eventually(lambda: notify.all_in(State.ACCEPTED))

        attempts = [one.attempts[0] for one in await notify.notifications()]
    assert len(smsc.texts) == SENT
    assert len(attempts) == SENT
    assert all(one.message_id == one.request_id for one in attempts)


async def _not_sent(sms: Client) -> bool:
    return await sms.submit(an_sms(b"giua"), patience_s=0.01) == NotSent()
