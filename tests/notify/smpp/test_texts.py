"""Texts in SMPP's codings, cut as notify counts them."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from services.notify.smpp import gsm
from services.notify.smpp.bodies import Message
from services.notify.smpp.codes import USER_DATA_HEADER, Tag
from services.notify.smpp.fields import Tlv
from services.notify.smpp.texts import (
    Coding,
    Place,
    TooLong,
    coded,
    messages,
    payload,
    place_of,
    text_of,
)
from services.notify.text.segments import Encoding, segment
from tests.notify.smpp import strategies

GSM = "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ aZ09ÄÖÑÜ§¿äöñüà\f^{}\\[~]|€"
letters = st.sampled_from(GSM) | st.characters(exclude_categories=["Cs"]) | st.just("😀")
texts = st.text(letters, max_size=400) | st.text(st.sampled_from(GSM), max_size=700)


def spoken(text: str) -> list[str]:
    """What each part says to who receives it."""
    return [text_of(one) for one in messages(text, Message(), reference=3)]


@given(texts)
@example("")
@example("[" * 80)
@example("[" * 81)
@example("a" + "😀" * 40)
def test_a_text_is_cut_where_notify_counts_its_segments(text: str) -> None:
    counted = segment(text)

    assert spoken(text) == list(counted.parts)
    assert coded(text).coding == {Encoding.GSM7: 0, Encoding.UCS2: 8}[counted.encoding]


@given(texts)
def test_no_part_is_longer_than_the_network_carries(text: str) -> None:
    cut = coded(text)
    room = {Coding.DEFAULT: (160, 153), Coding.UCS_2: (140, 134)}[cut.coding]

    assert all(len(part) <= room[len(cut.parts) > 1] for part in cut.parts)


@given(st.text(st.sampled_from(GSM)))
def test_the_default_alphabet_is_read_back(text: str) -> None:
    assert gsm.decode(gsm.encode(text) or b"") == text


@given(st.binary())
def test_any_octets_are_some_text(octets: bytes) -> None:
    for coding in range(256):
        assert isinstance(text_of(Message(data_coding=coding, short_message=octets)), str)


def test_an_escape_stays_with_its_letter() -> None:
    first, second = spoken("a" * 152 + "[" * 10)

    assert first == "a" * 152
    assert second == "[" * 10


def test_characters_beyond_the_basic_plane_are_never_cut() -> None:
    parts = coded("a" + "😀" * 69).parts

    assert [part.decode("utf-16-be") for part in parts] == ["a" + "😀" * 33, "😀" * 33, "😀" * 3]


def test_half_a_character_does_not_travel() -> None:
    assert spoken("tổ \ud83d") == ["tổ ?"]


def test_an_unknown_extension_is_read_as_its_basic_letter() -> None:
    assert gsm.decode(b"\x1bA\x1b\x1be\x80") == "A€\ufffd"


def test_parts_are_joined_by_a_header_of_six_octets() -> None:
    first, second = messages("á" * 71, Message(esm_class=0x03), reference=300)

    assert first.short_message[:6] == bytes((5, 0, 3, 44, 2, 1))
    assert second.short_message[:6] == bytes((5, 0, 3, 44, 2, 2))
    assert first.esm_class == USER_DATA_HEADER | 0x03
    assert [place_of(first), place_of(second)] == [Place(44, 2, 1), Place(44, 2, 2)]


def test_a_short_text_has_no_header() -> None:
    [only] = messages("xin chao", Message(), reference=1)

    assert (only.esm_class, only.short_message, place_of(only)) == (0, b"xin chao", None)


def test_more_parts_than_a_header_counts_are_refused() -> None:
    assert len(coded("a" * 153 * 255).parts) == 255

    with pytest.raises(TooLong):
        coded("a" * (153 * 255 + 1))


@pytest.mark.parametrize(
    "message",
    [
        Message(esm_class=0x40, short_message=bytes((6, 8, 4, 1, 2, 3, 1)) + b"hi"),
        Message(esm_class=0x40, short_message=bytes((9, 1, 1, 0, 8, 4, 1, 2, 3, 1)) + b"hi"),
        Message(
            short_message=b"hi",
            tlvs=(
                Tlv(Tag.SAR_MSG_REF_NUM, b"\x01\x02"),
                Tlv(Tag.SAR_TOTAL_SEGMENTS, b"\x03"),
                Tlv(Tag.SAR_SEGMENT_SEQNUM, b"\x01"),
            ),
        ),
    ],
)
def test_other_ways_to_join_are_understood(message: Message) -> None:
    assert place_of(message) == Place(0x0102, 3, 1)
    assert text_of(message) == "hi"


def test_a_long_message_may_come_as_its_payload() -> None:
    message = Message(data_coding=8, tlvs=(Tlv(Tag.MESSAGE_PAYLOAD, "ngõ".encode("utf-16-be")),))

    assert text_of(message) == "ngõ"


@given(strategies.messages)
def test_any_header_is_read_or_passed_over(message: Message) -> None:
    place = place_of(message)

    assert place is None or place.reference >= 0
    assert len(payload(message)) <= 300
