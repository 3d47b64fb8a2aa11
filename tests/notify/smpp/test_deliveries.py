"""Receipts and messages that come in: kept first, acknowledged then."""

import asyncio
from dataclasses import dataclass, field

import pytest

from services.notify.smpp.bodies import Message
from services.notify.smpp.outcomes import SubmitAccepted
from services.notify.smpp.receipts import MessageState, receipt_of
from services.notify.smpp.texts import text_of
from tests.eventually import PATIENCE_S, eventually
from tests.notify.smpp.conftest import OpenSession, StartSmsc, an_sms
from tests.notify.smpp.smsc.process import Smsc


@dataclass
class Shelf:
    """Keeps what is delivered; may be full, or slow until it is let go."""

    kept: list[Message] = field(default_factory=list)
    full: bool = False
    free: asyncio.Event = field(default_factory=asyncio.Event)
    asked: int = 0

    async def keep(self, message: Message) -> None:
        self.asked += 1
        await self.free.wait()
        if self.full:
            raise OSError("no room")
        self.kept.append(message)

    @property
    def ids(self) -> list[str | None]:
        return [found.message_id for m in self.kept if (found := receipt_of(m))]


@pytest.fixture
def shelf() -> Shelf:
    shelf = Shelf()
    shelf.free.set()
    return shelf


def statuses(smsc: Smsc) -> list[int]:
    return [one["status"] for one in smsc.saw("deliver_sm_resp")]


async def test_a_receipt_is_acknowledged_only_after_it_was_kept(
    start_smsc: StartSmsc, open_session: OpenSession, shelf: Shelf
) -> None:
    smsc = start_smsc(receipts="after")
    shelf.free.clear()
    session = await open_session(smsc, shelf.keep)

    await session.submit(an_sms())
    await eventually(lambda: shelf.asked == 1)
    smsc.tell("enquire")
    await eventually(lambda: smsc.saw("enquire_link_resp"))

    assert statuses(smsc) == []
    shelf.free.set()
    await eventually(lambda: statuses(smsc) == [0])
    assert shelf.ids == ["00000001"]


async def test_a_receipt_that_could_not_be_kept_is_asked_for_again(
    start_smsc: StartSmsc, open_session: OpenSession, shelf: Shelf
) -> None:
    smsc = start_smsc(receipts="after")
    shelf.full = True
    session = await open_session(smsc, shelf.keep)

    await session.submit(an_sms())

    await eventually(lambda: statuses(smsc) == [0x08])
    assert shelf.kept == []


@pytest.mark.parametrize(("receipts", "count"), [("before", 1), ("after", 1), ("twice", 2)])
async def test_receipts_may_come_first_or_twice(
    start_smsc: StartSmsc, open_session: OpenSession, shelf: Shelf, receipts: str, count: int
) -> None:
    smsc = start_smsc(receipts=receipts)
    session = await open_session(smsc, shelf.keep)

    outcome = await session.submit(an_sms())

    assert outcome == SubmitAccepted("00000001")
    await eventually(lambda: statuses(smsc) == [0] * count)
    assert shelf.ids == ["00000001"] * count
    assert [found.state for m in shelf.kept if (found := receipt_of(m))] == [
        MessageState.DELIVERED
    ] * count


async def test_a_receipt_may_be_parameters_alone(
    start_smsc: StartSmsc, open_session: OpenSession, shelf: Shelf
) -> None:
    smsc = start_smsc()
    await open_session(smsc, shelf.keep)

    smsc.tell("deliver", pdu={"esm_class": 4, "receipted_message_id": "AF1", "message_state": 5})

    await eventually(lambda: statuses(smsc) == [0])
    found = receipt_of(shelf.kept[0])
    assert found
    assert (found.message_id, found.state) == ("AF1", MessageState.UNDELIVERABLE)


async def test_what_a_citizen_writes_is_kept_and_is_no_receipt(
    start_smsc: StartSmsc, open_session: OpenSession, shelf: Shelf
) -> None:
    smsc = start_smsc()
    await open_session(smsc, shelf.keep)

    smsc.tell("deliver", pdu={"short_message": "dừng 😀", "data_coding": 8})

    await eventually(lambda: statuses(smsc) == [0])
    assert text_of(shelf.kept[0]) == "dừng 😀"
    assert receipt_of(shelf.kept[0]) is None


async def test_a_receipt_may_come_by_data_sm(
    start_smsc: StartSmsc, open_session: OpenSession, shelf: Shelf
) -> None:
    smsc = start_smsc()
    await open_session(smsc, shelf.keep)

    told = {"esm_class": 4, "receipted_message_id": "AF1", "message_state": 5}
    smsc.tell("deliver_data", pdu=told)

    await eventually(lambda: [one["status"] for one in smsc.saw("data_sm_resp")] == [0])
    found = receipt_of(shelf.kept[0])
    assert found
    assert (found.message_id, found.state) == ("AF1", MessageState.UNDELIVERABLE)


@pytest.mark.parametrize("text", ["TC", "1", "khong nhan nua"])
async def test_what_a_citizen_writes_may_come_by_data_sm(
    start_smsc: StartSmsc, open_session: OpenSession, shelf: Shelf, text: str
) -> None:
    smsc = start_smsc()
    await open_session(smsc, shelf.keep)

    smsc.tell("deliver_data", pdu={"source_addr": "84900000001", "message_payload": text})

    await eventually(lambda: [one["status"] for one in smsc.saw("data_sm_resp")] == [0])
    [message] = shelf.kept
    assert (message.source_addr, text_of(message)) == ("84900000001", text)


async def test_what_came_by_data_sm_and_was_not_kept_is_asked_for_again(
    start_smsc: StartSmsc, open_session: OpenSession, shelf: Shelf
) -> None:
    smsc = start_smsc()
    shelf.full = True
    await open_session(smsc, shelf.keep)

    smsc.tell("deliver_data", pdu={"message_payload": "TC"})

    await eventually(lambda: [one["status"] for one in smsc.saw("data_sm_resp")] == [0x08])


async def test_more_deliveries_than_can_be_kept_at_a_time_are_asked_for_again(
    start_smsc: StartSmsc, open_session: OpenSession, shelf: Shelf
) -> None:
    smsc = start_smsc()
    shelf.free.clear()
    await open_session(smsc, shelf.keep, deliveries=2)

    for _ in range(5):
        smsc.tell("deliver", pdu={"short_message": "dung"})

    await eventually(lambda: statuses(smsc) == [0x14] * 3)
    shelf.free.set()
    await eventually(lambda: statuses(smsc) == [0x14] * 3 + [0] * 2)
    assert len(shelf.kept) == 2


async def test_a_slow_shelf_holds_up_no_answer_to_a_submit(
    start_smsc: StartSmsc, open_session: OpenSession, shelf: Shelf
) -> None:
    smsc = start_smsc(receipts="before")
    shelf.free.clear()
    session = await open_session(smsc, shelf.keep)

    assert await session.submit(an_sms()) == SubmitAccepted("00000001")
    assert shelf.kept == []
    shelf.free.set()


async def test_a_session_that_closes_acknowledges_what_it_was_keeping(
    start_smsc: StartSmsc, open_session: OpenSession, shelf: Shelf
) -> None:
    smsc = start_smsc()
    shelf.free.clear()
    session = await open_session(smsc, shelf.keep, farewell_s=PATIENCE_S)
    smsc.tell("deliver", pdu={"short_message": "dung"})
    await eventually(lambda: shelf.asked == 1)

    closing = asyncio.create_task(session.close())
    shelf.free.set()
    await closing

    assert statuses(smsc) == [0]
    assert len(smsc.saw("unbind")) == 1
