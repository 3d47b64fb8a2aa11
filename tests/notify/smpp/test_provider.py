"""SMPP as a provider of notify: outcomes, ids and receipts."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from pydantic import SecretStr, ValidationError

from services.notify.ledger.records import Receipt
from services.notify.notification.states import State
from services.notify.providers.provider import (
    HELD_BACK,
    Accepted,
    Outcome,
    Provider,
    Sms,
    SurelyNotAccepted,
    Unknown,
)
from services.notify.providers.smpp.reading import (
    ReceiptIds,
    answered_id,
    classify,
    read_receipt,
    receipted_id,
    validity_period,
)
from services.notify.providers.smpp.references import References
from services.notify.providers.smpp.sending import Access, Smpp
from services.notify.routing.routes import Route, Routes, RouteTerms
from services.notify.sending.outcomes import RetryPolicy
from services.notify.settings import NotifySettings
from services.notify.smpp import outcomes as smpp
from services.notify.smpp.receipts import MessageState
from services.notify.smpp.session import SessionTerms
from tests.builders import SATURDAY
from tests.eventually import PATIENCE_S, SILENCE_S, eventually
from tests.notify.harness import (
    WRAP_KEY,
    Kit,
    a_reachable_citizen,
    arrive,
    assisted,
    notification_of_day,
)
from tests.notify.smpp.conftest import StartSmsc
from tests.notify.smpp.smsc.process import Smsc

SMS = Sms("sms-000000000000000000000001-1", "+84900000001", "Ngay 11/10/2025 ...")
LONG = replace(SMS, text="Ngày 11/10/2025, tổ công tác đã đến. " * 3)

MakeProvider = Callable[..., Awaitable[Smpp]]


@pytest.fixture
def kit() -> Kit:
    return Kit()


@pytest.fixture
async def over_smpp(kit: Kit) -> AsyncIterator[MakeProvider]:
    """Bound at an SMSC, with the kit's ledger; each is closed with the test."""
    made: list[Smpp] = []

    async def make(smsc: Smsc, *, begin: bool = True, **terms: float) -> Smpp:
        access = Access(
            host="127.0.0.1",
            port=await smsc.port(),
            system_id="tungngo",
            password="secret",
            sender="UBND",
            terms=SessionTerms(**({"response_s": PATIENCE_S, "farewell_s": 0.3} | terms)),  # type: ignore[arg-type]
            patience_s=PATIENCE_S,
        )
        made.append(Smpp(access, kit.callbacks, kit.clock))
        if begin:
            made[-1].begin()
        return made[-1]

    yield make
    for one in made:
        await one.close()


@pytest.mark.parametrize(
    ("answered", "outcome"),
    [
        (smpp.SubmitAccepted("7"), Accepted("7")),
        (smpp.Throttled(0x58), SurelyNotAccepted("provider_busy", retryable=True)),
        (smpp.HeldBack(), HELD_BACK),
        (smpp.NotSent(), SurelyNotAccepted("provider_unreachable", retryable=True)),
        (smpp.TimedOut(), Unknown("no_answer")),
        (smpp.Lost(), Unknown("connection_lost")),
        (smpp.SubmitRefused(0x08), SurelyNotAccepted("provider_refused_0x08", retryable=True)),
        (smpp.SubmitRefused(0x0E), SurelyNotAccepted("provider_refused_0x0e", retryable=True)),
        (smpp.SubmitRefused(0x0B), SurelyNotAccepted("provider_refused_0x0b", retryable=False)),
        (smpp.SubmitRefused(0x51), SurelyNotAccepted("provider_refused_0x51", retryable=False)),
        (smpp.SubmitRefused(0xFF), Unknown("provider_refused_0xff")),
        (smpp.SubmitRefused(0x401), Unknown("provider_refused_0x401")),
    ],
)
def test_only_what_is_surely_refused_may_be_sent_again(
    answered: smpp.Outcome, outcome: Outcome
) -> None:
    assert classify(answered) == outcome


@pytest.mark.parametrize(
    ("ids", "answered", "receipted"),
    [
        (ReceiptIds.AS_ANSWERED, "0000af12", "AF12"),
        (ReceiptIds.AS_ANSWERED, "12", "0000000012"),
        (ReceiptIds.AS_ANSWERED, "0", "000"),
        (ReceiptIds.AS_ANSWERED, "9b1c-Xy", " 9b1c-Xy"),
        (ReceiptIds.DECIMAL, "0000AF12", "44818"),
        (ReceiptIds.DECIMAL, "10", "0000000016"),
        (ReceiptIds.HEX, "44818", "0000af12"),
        (ReceiptIds.HEX, "0016", "10"),
        (ReceiptIds.HEX, "no-number", "no-number"),
    ],
)
def test_an_id_is_known_again_however_it_is_written(
    ids: ReceiptIds, answered: str, receipted: str
) -> None:
    assert answered_id(answered, ids) == receipted_id(receipted, ids)


@pytest.mark.parametrize(
    ("ids", "answered", "receipted"),
    [
        (ReceiptIds.AS_ANSWERED, "10", "16"),
        (ReceiptIds.AS_ANSWERED, "aBcXyZ", "AbCxYz"),
        (ReceiptIds.DECIMAL, "10", "10"),
        (ReceiptIds.HEX, "10", "10"),
    ],
)
def test_ids_of_two_messages_stay_apart(ids: ReceiptIds, answered: str, receipted: str) -> None:
    assert answered_id(answered, ids) != receipted_id(receipted, ids)


@pytest.mark.parametrize(
    ("state", "receipt"),
    [
        (MessageState.DELIVERED, Receipt(State.DELIVERED, SATURDAY)),
        (MessageState.EXPIRED, Receipt(State.UNDELIVERED, SATURDAY, "undelivered_expired")),
        (
            MessageState.REJECTED,
            Receipt(State.UNDELIVERED, SATURDAY, "undelivered_rejected"),
        ),
        (MessageState.ACCEPTED, None),
        (MessageState.ENROUTE, None),
        (MessageState.UNKNOWN, None),
        (None, None),
    ],
)
def test_only_a_last_word_is_a_receipt(state: MessageState | None, receipt: Receipt | None) -> None:
    assert read_receipt(state, SATURDAY) == receipt


async def test_an_sms_goes_out_under_the_sender_and_asks_for_its_receipt(
    start_smsc: StartSmsc, over_smpp: MakeProvider
) -> None:
    smsc = start_smsc()
    provider: Provider = await over_smpp(smsc)

    assert await provider.send(SMS) == Accepted("1")

    [seen] = smsc.saw("submit_sm")
    assert (seen["from"], seen["to"], seen["text"]) == ("UBND", "84900000001", SMS.text)
    assert seen["registered"] == 1


async def test_of_a_long_sms_each_part_tells_of_its_delivery(
    start_smsc: StartSmsc, over_smpp: MakeProvider
) -> None:
    smsc = start_smsc()
    provider = await over_smpp(smsc)

    outcome = await provider.send(LONG)

    assert isinstance(outcome, Accepted)
    assert (outcome.message_id, outcome.parts) == ("2", ("1", "2"))
    parts = smsc.saw("submit_sm")
    assert "".join(part["text"] for part in parts) == LONG.text
    assert [part["registered"] for part in parts] == [1, 1]


async def test_each_part_says_until_when_anybody_wants_it(
    start_smsc: StartSmsc, over_smpp: MakeProvider
) -> None:
    smsc = start_smsc()
    provider = await over_smpp(smsc)

    await provider.send(replace(LONG, useful_s=3_600))
    await provider.send(SMS)

    assert [bool(one["validity"]) for one in smsc.saw("submit_sm")] == [True, True, False]


@pytest.mark.parametrize(
    ("useful_s", "written"),
    [
        (None, ""),
        (3 * 24 * 3_600, "000003000000000R"),
        (90_061.9, "000001010101000R"),
        (5, "000000000100000R"),
        (-7, "000000000100000R"),
        (10**9, "000030000000000R"),
    ],
)
def test_end_of_use_is_written_from_now_on(useful_s: float | None, written: str) -> None:
    assert validity_period(useful_s) == written


def test_long_sms_to_one_phone_have_references_of_their_own() -> None:
    references, phones = References(), ["+84900000001", "+84900000002"]

    seen = {phone: [references.next(phone) for _ in range(256)] for phone in phones}

    assert all(sorted(those) == list(range(256)) for those in seen.values())


async def one_part_taken(smsc: Smsc, provider: Provider) -> asyncio.Task[Outcome]:
    """A long SMS under way, its second part waiting for an answer."""
    sending = asyncio.create_task(provider.send(LONG))
    await eventually(lambda: len(smsc.saw("submit_sm")) == 1)
    smsc.tell("release")
    await eventually(lambda: len(smsc.saw("submit_sm")) == 2)
    return sending


async def test_a_part_that_is_refused_leaves_the_sms_unknown(
    start_smsc: StartSmsc, over_smpp: MakeProvider
) -> None:
    smsc = start_smsc(submits="hold")
    provider = await over_smpp(smsc)
    sending = await one_part_taken(smsc, provider)

    smsc.tell("behave", status=0x0B)
    smsc.tell("release")

    assert await sending == Unknown("part_missing")


async def test_a_part_for_which_the_smsc_is_too_busy_is_tried_again(
    start_smsc: StartSmsc, over_smpp: MakeProvider
) -> None:
    smsc = start_smsc(submits="hold")
    provider = await over_smpp(smsc)
    sending = await one_part_taken(smsc, provider)

    smsc.tell("behave", status=0x58)
    smsc.tell("release")
    smsc.tell("behave", status=0, submits="answer")

    assert await sending == Accepted("2")
    assert len(smsc.saw("submit_sm")) == 3


async def test_a_long_sms_is_asked_for_once_before_its_first_part(
    start_smsc: StartSmsc, over_smpp: MakeProvider
) -> None:
    smsc, asked = start_smsc(), list[int]()
    provider = await over_smpp(smsc)

    async def may_leave() -> bool:
        asked.append(len(smsc.saw("submit_sm")))
        return True

    outcome = await provider.send(replace(LONG, may_leave=may_leave))

    assert isinstance(outcome, Accepted)
    assert asked == [0]


async def test_a_first_part_without_an_answer_is_the_only_one(
    start_smsc: StartSmsc, over_smpp: MakeProvider
) -> None:
    smsc = start_smsc(submits="ignore")
    provider = await over_smpp(smsc, response_s=SILENCE_S / 3)

    assert await provider.send(LONG) == Unknown("no_answer")
    assert len(smsc.saw("submit_sm")) == 1


async def test_what_smpp_cannot_carry_is_not_sent(
    start_smsc: StartSmsc, over_smpp: MakeProvider
) -> None:
    smsc = start_smsc()
    provider = await over_smpp(smsc)
    refused = SurelyNotAccepted("provider_cannot_carry", retryable=False)

    assert await provider.send(replace(SMS, phone="+" + "8" * 30)) == refused
    assert await provider.send(replace(SMS, text="a" * 40_000)) == refused
    assert smsc.saw("submit_sm") == []


async def test_before_it_has_begun_nothing_is_sent(
    start_smsc: StartSmsc, over_smpp: MakeProvider
) -> None:
    provider = await over_smpp(start_smsc(), begin=False)

    assert await provider.send(SMS) == SurelyNotAccepted("provider_unreachable", retryable=True)


@pytest.mark.parametrize("receipts", ["before", "after", "twice"])
async def test_a_receipt_moves_its_notification_whenever_it_comes(
    kit: Kit, start_smsc: StartSmsc, over_smpp: MakeProvider, receipts: str
) -> None:
    smsc = start_smsc(receipts=receipts)
    citizen = await sent_to_a_citizen(kit, await over_smpp(smsc))

    await eventually(lambda: smsc.saw("deliver_sm_resp"))

    found = await notification_of_day(kit.ledger, citizen)
    assert found.state is State.DELIVERED
    assert {one["status"] for one in smsc.saw("deliver_sm_resp")} == {0}


async def test_a_receipt_that_the_ledger_could_not_take_is_taken_when_it_comes_again(
    kit: Kit, start_smsc: StartSmsc, over_smpp: MakeProvider
) -> None:
    smsc = start_smsc()
    citizen = await sent_to_a_citizen(kit, await over_smpp(smsc))
    receipt = {"esm_class": 4, "receipted_message_id": "00000001", "message_state": 2}

    kit.ledger.down = True
    smsc.tell("deliver", pdu=receipt)
    await eventually(lambda: [one["status"] for one in smsc.saw("deliver_sm_resp")] == [8])
    kit.ledger.down = False
    smsc.tell("deliver", pdu=receipt)
    await eventually(lambda: [one["status"] for one in smsc.saw("deliver_sm_resp")] == [8, 0])

    found = await notification_of_day(kit.ledger, citizen)
    assert found.state is State.DELIVERED


async def test_what_is_no_last_word_changes_nothing_and_is_acknowledged(
    kit: Kit, start_smsc: StartSmsc, over_smpp: MakeProvider
) -> None:
    smsc = start_smsc()
    citizen = await sent_to_a_citizen(kit, await over_smpp(smsc))

    smsc.tell("deliver", pdu={"esm_class": 4, "short_message": "id:00000001 stat:ACCEPTD"})
    smsc.tell("deliver", pdu={"esm_class": 4, "short_message": "stat:DELIVRD"})
    smsc.tell("deliver", pdu={"short_message": "id:00000001 stat:DELIVRD"})
    await eventually(lambda: [one["status"] for one in smsc.saw("deliver_sm_resp")] == [0] * 3)

    found = await notification_of_day(kit.ledger, citizen)
    assert found.state is State.ACCEPTED


async def sent_to_a_citizen(kit: Kit, provider: Provider) -> str:
    citizen = await a_reachable_citizen(kit.contacts)
    await arrive(kit.ledger, assisted(citizen))
    kit.clock.forward(minutes=31)
    kit.routes = Routes([Route(provider, RouteTerms())])
    dispatch = kit.dispatch()
    while await dispatch.round():
        pass
    return citizen


def told(**changes: Any) -> NotifySettings:
    values: dict[str, Any] = {
        "mongo_url": SecretStr("mongodb://nowhere.example"),
        "broker_url": SecretStr("amqp://nowhere.example"),
        "token_public_key": "",
        "notify_wrap_key": WRAP_KEY,
        "providers": "smpp",
        "smpp_host": "smsc.example",
        "smpp_system_id": "tungngo",
        "smpp_password": SecretStr("s3cret-7"),
        "smpp_sender": "UBND TPHCM",
    }
    return NotifySettings.model_validate(values | changes)


def test_settings_become_an_access_that_shows_no_password() -> None:
    access = told(smpp_window=7, smpp_receipt_ids="decimal").smpp_access

    assert (access.password, access.terms.window) == ("s3cret-7", 7)
    assert access.receipt_ids is ReceiptIds.DECIMAL
    assert "s3cret-7" not in repr(access) + repr(told()) + repr(access.account())


@pytest.mark.parametrize(
    "changes",
    [
        {"smpp_host": ""},
        {"smpp_system_id": ""},
        {"smpp_system_id": "a" * 16},
        {"smpp_sender": ""},
        {"smpp_sender": "Ủy ban"},
        {"smpp_sender": "UBND THANH PHO"},
        {"smpp_password": SecretStr("nine chars")},
        {"smpp_window": 0},
        {"demo": True},
        {"lease_s": 35},
    ],
)
def test_settings_that_would_harm_are_refused(changes: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        told(**changes)


def test_another_provider_is_tried_within_half_a_minute_where_the_smsc_is_away() -> None:
    waits = timedelta(seconds=told().smpp_access.patience_s) + RetryPolicy().failover

    assert waits < timedelta(seconds=30)


def test_a_demo_may_send_to_an_smsc_on_its_own_machine() -> None:
    assert told(demo=True, smpp_host="127.0.0.1").smpp_access.host == "127.0.0.1"
