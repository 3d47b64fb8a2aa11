"""Receipts, as SMSCs write them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.notify.smpp.bodies import Message
from services.notify.smpp.codes import RECEIPT, Tag
from services.notify.smpp.fields import Tlv
from services.notify.smpp.receipts import DeliveryReceipt, MessageState, parse, receipt_of
from tests.notify.smpp import strategies

WRITTEN = (
    "id:0000af12 sub:001 dlvrd:001 submit date:2511221403 done date:251122140309 "
    "stat:DELIVRD err:000 text:Xin chao id:7 stat:EXPIRED"
)


def receipt(text: str, *tlvs: Tlv, data_coding: int = 0) -> DeliveryReceipt | None:
    octets = text.encode("utf-16-be" if data_coding == 8 else "latin-1")
    return receipt_of(
        Message(esm_class=RECEIPT, data_coding=data_coding, short_message=octets, tlvs=tlvs)
    )


@pytest.mark.parametrize("coding", [0, 1, 3, 8])
def test_a_receipt_is_read_as_it_is_written(coding: int) -> None:
    assert receipt(WRITTEN, data_coding=coding) == DeliveryReceipt(
        "0000af12", MessageState.DELIVERED, "000", "2511221403", "251122140309"
    )


@pytest.mark.parametrize(
    "text",
    [
        "stat:UNDELIV id:7_a@b err:0x2F",
        "ID:7_a@b Stat:undeliv ERR:0x2F",
        "id: 7_a@b  sub:  stat: UNDELIVERABLE err:0x2F text:",
        "id:7_a@b\nstat:UNDELIV\nerr:0x2F\n",
        "id :7_a@b submitdate:1 stat :UNDELIV err :0x2F Text:stat:DELIVRD",
    ],
)
def test_order_case_and_blanks_do_not_matter(text: str) -> None:
    found = receipt(text)

    assert found
    assert (found.message_id, found.state, found.error) == (
        "7_a@b",
        MessageState.UNDELIVERABLE,
        "0x2F",
    )


@pytest.mark.parametrize(
    ("stat", "state"),
    [
        ("DELIVRD", MessageState.DELIVERED),
        ("EXPIRED", MessageState.EXPIRED),
        ("DELETED", MessageState.DELETED),
        ("UNDELIV", MessageState.UNDELIVERABLE),
        ("ACCEPTD", MessageState.ACCEPTED),
        ("UNKNOWN", MessageState.UNKNOWN),
        ("REJECTD", MessageState.REJECTED),
        ("ENROUTE", MessageState.ENROUTE),
        ("DELIVERED", MessageState.DELIVERED),
        ("UNDELIVERABLE", MessageState.UNDELIVERABLE),
        ("FAILED", MessageState.UNDELIVERABLE),
        ("failed", MessageState.UNDELIVERABLE),
        ("DELIVERY_FAILED", MessageState.UNDELIVERABLE),
        ("DELIVERY FAILED", MessageState.UNDELIVERABLE),
        ("UNDELIVERED", MessageState.UNDELIVERABLE),
        ("DELIVERY_PENDING", None),
        ("DELIVRDX", None),
        ("EXPIRED_SOON", None),
        ("REJECTION_PENDING", None),
        ("SOLD", None),
        ("", None),
    ],
)
def test_a_state_is_known_by_its_name(stat: str, state: MessageState | None) -> None:
    assert receipt(f"id:1 stat:{stat}") == DeliveryReceipt("1", state)


@pytest.mark.parametrize(
    ("said", "unread"),
    [
        (receipt("id:1 stat:SOLD"), "SOLD"),
        (receipt("id:1 stat:DELIVERY_PENDING"), "DELIVERY_PENDING"),
        (receipt("id:1", Tlv(Tag.MESSAGE_STATE, b"\x09")), "state 09"),
        (receipt("id:1 stat:DELIVRD"), None),
        (receipt("id:1"), None),
        (receipt("id:1 stat:SOLD", Tlv(Tag.MESSAGE_STATE, b"\x02")), None),
    ],
)
def test_a_word_that_nobody_knows_is_told(said: DeliveryReceipt | None, unread: str | None) -> None:
    assert said
    assert said.unread == unread


def test_parameters_say_it_first() -> None:
    found = receipt(
        "id:175 stat:ACCEPTD",
        Tlv(Tag.RECEIPTED_MESSAGE_ID, b"AF\0"),
        Tlv(Tag.MESSAGE_STATE, b"\x02"),
    )

    assert found == DeliveryReceipt("AF", MessageState.DELIVERED)


def test_a_receipt_may_be_parameters_alone() -> None:
    message = Message(tlvs=(Tlv(Tag.RECEIPTED_MESSAGE_ID, b"9"), Tlv(Tag.MESSAGE_STATE, b"\x63")))

    assert receipt_of(message) == DeliveryReceipt("9", None)


def test_what_somebody_wrote_is_no_receipt() -> None:
    assert receipt_of(Message(short_message=b"id:1 stat:DELIVRD")) is None


@given(strategies.messages)
def test_any_message_is_a_receipt_or_none(message: Message) -> None:
    found = receipt_of(message)

    assert found is None or isinstance(found, DeliveryReceipt)


@given(st.text(st.sampled_from("id:stat ernx_\n") | st.characters(), max_size=300))
def test_any_text_says_something_or_nothing(text: str) -> None:
    said = parse(text)

    assert all(value == value.strip() != "" for value in said.values())
