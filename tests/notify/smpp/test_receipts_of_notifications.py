"""Receipts over SMPP, down to the notifications of a real ledger."""

from collections.abc import Iterator

import pytest

from deploy.local.mongod import Mongod
from services.notify.ledger.records import RECEIVED
from services.notify.notification.states import State
from services.notify.providers.smpp.reading import ReceiptIds
from tests.eventually import eventually
from tests.notify.smpp.conftest import StartSmsc
from tests.notify.smpp.harness import Station, receipts_acknowledged, station
from tests.notify.smpp.smsc.process import Smsc

DELIVERED, SENT = "notification.delivered.v1", "notification.sent.v1"
UNKNOWN_ID = "beef"
ALL_RECEIPTS = 3_000


def tell(smsc: Smsc, id_: str, stat: str = "DELIVRD") -> None:
    smsc.tell("deliver", pdu={"esm_class": 4, "short_message": f"id:{id_} stat:{stat} err:000"})


async def acknowledged(smsc: Smsc, count: int) -> None:
    await eventually(lambda: [one["status"] for one in smsc.saw("deliver_sm_resp")] == [0] * count)


@pytest.mark.parametrize("receipts", ["before", "after", "twice"])
async def test_receipts_before_the_answer_after_it_or_twice_are_told_once(
    mongo_url: str, database_name: str, start_smsc: StartSmsc, receipts: str
) -> None:
    smsc = start_smsc(receipts=receipts)
    async with station(mongo_url, database_name, smsc) as notify:
        await notify.visits(20)

        await eventually(lambda: _has(notify, 20, State.DELIVERED))

        assert await notify.announced() == [DELIVERED] * 20 + [SENT] * 20


def spellings(count: int) -> Iterator[str]:
    """The SMSC's ids, the last first: bare, in capitals, padded, and some for the second time."""
    for n in range(count, 0, -1):
        yield (f"{n:x}", f"{n:X}", f"{n:012X}")[n % 3]
        if n % 4 == 0:
            yield f"{n:x}"


async def test_receipts_in_any_order_and_spelling_find_their_notifications(
    mongo_url: str, database_name: str, start_smsc: StartSmsc
) -> None:
    smsc = start_smsc()
    async with station(mongo_url, database_name, smsc) as notify:
        await notify.visits(12)
        await eventually(lambda: _has(notify, 12, State.ACCEPTED))

        told = [UNKNOWN_ID, *spellings(12)]
        for id_ in told:
            tell(smsc, id_)
        await acknowledged(smsc, len(told))

        assert await _has(notify, 12, State.DELIVERED)
        assert await notify.announced() == [DELIVERED] * 12 + [SENT] * 12


async def test_receipts_in_decimal_find_what_was_answered_in_hexadecimal(
    mongo_url: str, database_name: str, start_smsc: StartSmsc
) -> None:
    smsc = start_smsc()
    agreed = {"receipt_ids": ReceiptIds.DECIMAL}
    async with station(mongo_url, database_name, smsc, access=agreed) as notify:
        await notify.visits(17)
        await eventually(lambda: _has(notify, 17, State.ACCEPTED))

        for n in range(1, 17):
            tell(smsc, f"{n:010d}")
        await acknowledged(smsc, 16)

        states = [one.state for one in await notify.notifications()]
        assert (states.count(State.DELIVERED), states.count(State.ACCEPTED)) == (16, 1)


FAILED = "notification.failed.v1"


@pytest.mark.parametrize(
    ("told", "state", "announced"),
    [
        ([("1", "DELIVRD"), ("2", "DELIVRD"), ("1", "DELIVRD")], State.DELIVERED, [DELIVERED]),
        ([("2", "DELIVRD"), ("1", "DELIVRD")], State.DELIVERED, [DELIVERED]),
        ([("1", "DELIVRD"), ("2", "UNDELIV")], State.UNDELIVERED, [FAILED]),
        ([("1", "UNDELIV"), ("2", "DELIVRD")], State.UNDELIVERED, [FAILED]),
        ([("2", "DELIVRD"), ("1", "EXPIRED"), ("1", "DELIVRD")], State.UNDELIVERED, [FAILED]),
        ([("2", "DELIVRD"), ("2", "DELIVRD")], State.ACCEPTED, []),
        ([("1", "DELIVRD"), ("2", "ENROUTE")], State.ACCEPTED, []),
    ],
)
async def test_an_sms_of_several_parts_arrived_once_all_of_them_did(
    mongo_url: str,
    database_name: str,
    start_smsc: StartSmsc,
    told: list[tuple[str, str]],
    state: State,
    announced: list[str],
) -> None:
    smsc = start_smsc()
    async with station(mongo_url, database_name, smsc, accents=True) as notify:
        await notify.visits(1)
        await eventually(lambda: _has(notify, 1, State.ACCEPTED))

        for id_, stat in told:
            tell(smsc, id_, stat)
        await acknowledged(smsc, len(told))

        [sms] = await notify.notifications()
        assert (len(smsc.saw("submit_sm")), sms.state) == (2, state)
        assert await notify.announced() == [*announced, SENT]


async def test_no_receipt_is_acknowledged_before_it_is_stored(
    faulty_mongod: Mongod, start_smsc: StartSmsc
) -> None:
    smsc = start_smsc(again_ms=400)
    ids = [f"{0x1000 + n:x}" for n in range(ALL_RECEIPTS)]
    async with station(faulty_mongod.url, "slow", smsc) as notify:
        await eventually(lambda: smsc.saw("bind_transceiver"))

        faulty_mongod.pause()
        smsc.tell("receipts", ids=ids)
        await eventually(lambda: len(smsc.saw("deliver_sm_resp")) >= ALL_RECEIPTS - 100)
        while_it_slept = receipts_acknowledged(smsc)
        faulty_mongod.resume()

        too_early = set[str]()

        async def all_are_acknowledged() -> bool:
            told = receipts_acknowledged(smsc)
            too_early.update(set(told) - await _stored(notify))
            return sorted(told) == ids

        await eventually(all_are_acknowledged)
    assert (while_it_slept, too_early) == ([], set())


async def _stored(notify: Station) -> set[str]:
    found = notify.database[RECEIVED.name].find({}, {"_id": 1})
    return {document["_id"].removeprefix("smpp/") async for document in found}


async def _has(notify: Station, count: int, state: State) -> bool:
    return [one.state for one in await notify.notifications()] == [state] * count
