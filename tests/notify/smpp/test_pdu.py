"""PDUs as octets and back."""

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.notify.smpp.bodies import Bind, Empty, Message, Taken
from services.notify.smpp.codes import Command, Status, Tag
from services.notify.smpp.fields import LONGEST, Malformed, Tlv
from services.notify.smpp.pdu import Frames, Pdu, Unreadable, decode, encode
from tests.notify.smpp.strategies import pdus

COMMAND_IDS = st.sampled_from(Command) | st.integers(0, 0xFFFFFFFF)


def frame(command: int, body: bytes, status: int = 0, sequence: int = 7) -> bytes:
    return struct.pack(">IIII", 16 + len(body), command, status, sequence) + body


@given(pdus())
def test_what_is_written_is_read_back(pdu: Pdu) -> None:
    assert decode(encode(pdu)) == pdu


@given(COMMAND_IDS, st.binary(max_size=600), st.integers(0, 0xFFFFFFFF))
def test_a_body_of_any_octets_is_read_or_named_unreadable(
    command: int, body: bytes, status: int
) -> None:
    found = decode(frame(command, body, status))

    assert isinstance(found, Pdu | Unreadable)
    assert (found.command, found.sequence) == (command, 7)


@given(pdus(), st.data())
def test_a_damaged_pdu_is_read_or_named_unreadable(pdu: Pdu, data: st.DataObject) -> None:
    whole = bytearray(encode(pdu))
    at = data.draw(st.integers(16, len(whole)))
    damage = data.draw(st.binary(max_size=8))
    damaged = whole[:at] + damage

    assert isinstance(decode(bytes(damaged)), Pdu | Unreadable)


@given(st.lists(pdus(), max_size=5), st.lists(st.integers(1, 40), min_size=1))
def test_a_stream_is_cut_into_the_same_pdus_however_it_arrives(
    sent: list[Pdu], sizes: list[int]
) -> None:
    stream = b"".join(map(encode, sent))
    frames, found, step = Frames(), [], 0

    while stream:
        size = sizes[step % len(sizes)]
        found += frames.feed(stream[:size])
        stream, step = stream[size:], step + 1

    assert [decode(one) for one in found] == sent
    assert not frames.broken


@given(st.lists(st.binary(max_size=300), max_size=10))
def test_a_stream_of_any_octets_ends_in_whole_frames_or_is_given_up(chunks: list[bytes]) -> None:
    frames = Frames()

    for one in (frame for chunk in chunks for frame in frames.feed(chunk)):
        assert len(one) == int.from_bytes(one[:4], "big")
        decode(one)


@pytest.mark.parametrize("length", [0, 4, 15, LONGEST + 1, 0xFFFFFFFF])
def test_a_length_that_no_pdu_has_ends_the_trust_but_not_what_came_before(length: int) -> None:
    good = encode(Pdu(Command.ENQUIRE_LINK, 1))
    frames = Frames()

    found = frames.feed(good + length.to_bytes(4, "big") + good)

    assert found == [good]
    assert frames.broken
    assert frames.feed(good) == []


def test_the_longest_pdu_is_taken() -> None:
    frames = Frames()
    whole = frame(Command.SUBMIT_SM, bytes(LONGEST - 16))

    assert frames.feed(whole) == [whole]


def test_an_unknown_command_is_named() -> None:
    assert decode(frame(0x0021, b"")) == Unreadable(0x0021, 7, Status.INVALID_COMMAND)


@pytest.mark.parametrize("body", [b"", b"\0\1\1123", bytes(16) + b"\x05abc", bytes(17) + b"\0\1"])
def test_a_message_that_ends_too_early_has_the_wrong_length(body: bytes) -> None:
    assert decode(frame(Command.DELIVER_SM, body)) == Unreadable(5, 7, Status.INVALID_LENGTH)


def test_a_refusal_may_come_without_a_body() -> None:
    found = decode(frame(Command.SUBMIT_SM_RESP, b"", status=0x58))

    assert found == Pdu(Command.SUBMIT_SM_RESP, 7, Taken(), 0x58)


def test_an_id_without_an_end_is_still_the_id() -> None:
    found = decode(frame(Command.SUBMIT_SM_RESP, b"00af"))

    assert found == Pdu(Command.SUBMIT_SM_RESP, 7, Taken(message_id="00af"))


def test_a_submit_is_written_as_the_specification_draws_it() -> None:
    message = Message(
        source_addr_ton=5,
        source_addr="UBND",
        dest_addr_ton=1,
        dest_addr_npi=1,
        destination_addr="84900000001",
        registered_delivery=1,
        short_message=b"hi",
        tlvs=(Tlv(Tag.MESSAGE_STATE, b"\x02"),),
    )

    written = encode(Pdu(Command.SUBMIT_SM, 2, message))

    assert written.hex(" ", 4) == (
        bytes.fromhex("00000037 00000004 00000000 00000002")
        + b"\0\x05\0UBND\0\x01\x0184900000001\0\0\0\0\0\0\x01\0\0\0\x02hi\x04\x27\0\x01\x02"
    ).hex(" ", 4)


@pytest.mark.parametrize(
    "body",
    [
        Bind(system_id="a" * 16),
        Bind(password="a\0b"),
        Message(source_addr="Ủy ban"),
        Message(destination_addr="1" * 21),
        Message(data_coding=256),
        Message(short_message=bytes(255)),
        Message(tlvs=(Tlv(0x0424, bytes(0x10000)),)),
        Message(tlvs=(Tlv(0x0424, bytes(0xFFFF)),)),
    ],
)
def test_what_a_field_cannot_hold_is_not_written(body: Bind | Message) -> None:
    command = Command.SUBMIT_SM if isinstance(body, Message) else Command.BIND_TRANSCEIVER

    with pytest.raises(Malformed):
        encode(Pdu(command, 1, body))


def test_a_command_is_not_written_with_the_body_of_another() -> None:
    with pytest.raises(Malformed):
        encode(Pdu(Command.SUBMIT_SM, 1, Empty()))


def test_no_password_and_no_phone_stands_in_a_log() -> None:
    shown = repr(Bind(password="0ld")) + repr(
        Message(destination_addr="84900000001", short_message=b"the code", tlvs=(Tlv(1, b"it"),))
    )

    assert not any(secret in shown for secret in ("0ld", "8490", "code", "it'"))
