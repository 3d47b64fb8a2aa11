"""Segments, exactly."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.notify.text.segments import Encoding, billed, segment

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
@pytest.mark.parametrize("letter", ["a", "ấ"])
def test_advert_is_charged_by_the_operators_shorter_segments(
    letter: str, length: int, count: int
) -> None:
    assert billed(letter * length, advertises=True) == count


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
