"""Segments, exactly."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.notify.smpp.texts import TooLong, coded
from services.notify.text.segments import Encoding, beyond_gsm7, billed, segment

MORE_THAN_ANY = 99
"""Segments that an installation may allow."""


@pytest.mark.parametrize(
    ("text", "encoding", "count"),
    [
        ("", Encoding.GSM7, 1),
        ("a" * 160, Encoding.GSM7, 1),
        ("a" * 161, Encoding.GSM7, 2),
        ("a" * 306, Encoding.GSM7, 2),
        ("a" * 307, Encoding.GSM7, 3),
        ("€" * 80, Encoding.GSM7, 1),
        ("€" * 81, Encoding.GSM7, 2),
        ("@£$¥èéùìòÇ\nØø\rÅå", Encoding.GSM7, 1),
        ("ấ" + "a" * 69, Encoding.UCS2, 1),
        ("ấ" + "a" * 70, Encoding.UCS2, 2),
        ("ấ" * 134, Encoding.UCS2, 2),
        ("ấ" * 135, Encoding.UCS2, 3),
        ("😀" * 35, Encoding.UCS2, 1),
        ("😀" * 36, Encoding.UCS2, 2),
        ("ç", Encoding.UCS2, 1),
        ("`", Encoding.UCS2, 1),
    ],
)
def test_text_takes_its_segments(text: str, encoding: Encoding, count: int) -> None:
    cut = segment(text)

    assert (cut.encoding, cut.count) == (encoding, count)


@pytest.mark.parametrize(
    ("length", "count"), [(122, 1), (123, 2), (268, 2), (269, 3), (421, 3), (422, MORE_THAN_ANY)]
)
def test_advert_is_charged_by_the_operators_shorter_segments(length: int, count: int) -> None:
    assert billed("a" * length, advertises=True) == count


@pytest.mark.parametrize(
    ("length", "count"), [(70, 1), (71, 2), (122, 2), (134, 2), (135, 3), (201, 3), (202, 4)]
)
@pytest.mark.parametrize("letter", ["ấ", "“", "日"])
def test_advert_is_never_charged_fewer_segments_than_leave(
    letter: str, length: int, count: int
) -> None:
    assert billed(letter * length, advertises=True) == count


@given(st.text(max_size=500))
def test_no_text_is_charged_fewer_segments_than_leave(text: str) -> None:
    try:
        leaving = len(coded(text).parts)
    except TooLong:
        return

    assert billed(text) >= leaving
    assert billed(text, advertises=True) >= leaving


@pytest.mark.parametrize(
    ("text", "letters"),
    [
        ("Moi ong/ba", ()),
        ("[QC] {€}", ()),
        ("ong Hoàng, bà Đào", ("Đ",)),
        ("日本 日", ("日", "本")),
        ("ok 😀", ("😀",)),
    ],
)
def test_letters_that_make_a_text_ucs_2_are_named(text: str, letters: tuple[str, ...]) -> None:
    assert beyond_gsm7(text) == letters


def test_escape_and_its_septet_stay_together() -> None:
    cut = segment("a" * 152 + "€" + "a" * 152)

    assert cut.parts == ("a" * 152, "€" + "a" * 151, "a")


def test_surrogate_pair_stays_together() -> None:
    cut = segment("ấ" * 66 + "😀" + "ấ" * 10)

    assert cut.parts == ("ấ" * 66, "😀" + "ấ" * 10)


@given(st.text(max_size=700))
def test_no_part_is_too_long_and_nothing_is_lost(text: str) -> None:
    cut = segment(text)

    assert "".join(cut.parts) == text
    if cut.count > 1 and cut.encoding is Encoding.UCS2:
        assert max(len(part.encode("utf-16-be", "surrogatepass")) // 2 for part in cut.parts) <= 67
