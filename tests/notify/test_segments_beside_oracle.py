"""Our segments beside those of another's count, and the one thing in which the two differ."""

import random
import unicodedata
from collections.abc import Iterator, Sequence

from services.notify.text.segments import Encoding, segment
from tests.notify.segments_oracle import counted

BASIC = (
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
EXTENDED = "\f^{}\\[~]|€"
VIETNAMESE = "ăâđêôơưấầẩẫậắằẳẵặếềểễệốồổỗộớờởỡợứừửữựỹỵĂÂĐÊÔƠƯ aeinht,."
EMOJI = "😀🎉🏠📱"
STRANGERS = "ç`\x1b\u00a0“”…–中한\ud83d\ude00"
"""In no table of TS 23.038; an escape by itself and halves of a surrogate pair too."""
GSM_LENGTHS = (0, 1, 159, 160, 161, 305, 306, 307, 458, 459, 460)
UCS2_LENGTHS = (1, 69, 70, 71, 133, 134, 135, 200, 201, 202)
BOUNDARIES = (66, 67, 70, 133, 134, 152, 153, 160, 305, 306)
SEED = 23_038
JOINED = 67
"""UCS-2 characters in a part of a long SMS."""


def texts() -> Iterator[str]:
    """A few thousand, in which each character stands for itself."""
    chance = random.Random(SEED)
    for length in GSM_LENGTHS:
        for letters in (BASIC, BASIC + EXTENDED, EXTENDED):
            yield from (drawn(chance, letters, length) for _ in range(30))
    for length in UCS2_LENGTHS:
        for letters in (VIETNAMESE, VIETNAMESE + EMOJI, EMOJI, VIETNAMESE + EXTENDED + STRANGERS):
            yield from (drawn(chance, letters, length) for _ in range(30))
    for letter in EXTENDED + EMOJI:
        for filling in ("a", "ấ"):
            yield from straddling(letter, filling)


def drawn(chance: random.Random, letters: str, length: int) -> str:
    return "".join(chance.choices(letters, k=length))


def straddling(letter: str, filling: str) -> Iterator[str]:
    """What takes two places, on and around each end of a part."""
    for boundary in BOUNDARIES:
        for before in range(boundary - 2, boundary + 2):
            for after in (0, 1, 65, 151, 152):
                yield filling * before + letter + filling * after


def ours(texts: Sequence[str]) -> list[tuple[Encoding, int]]:
    return [(cut.encoding, cut.count) for cut in map(segment, texts)]


def test_texts_take_the_segments_that_another_counts(real_processes: None) -> None:
    given = list(texts())

    found = zip(given, ours(given), counted(given), strict=True)

    assert len(given) > 4_000
    assert [(text, our, other) for text, our, other in found if our != other] == []


def test_written_out_marks_are_letters_of_their_own_and_may_begin_a_segment(
    real_processes: None,
) -> None:
    """3GPP TS 23.038, 6.2.3, counts UCS-2 characters; the other counts whole graphemes.

    So it moves a letter with its mark to the next segment, where only the surrogate pairs of
    one character must stay together. Texts that notify sends are NFC and hold no such marks.
    """
    letter = unicodedata.normalize("NFD", "ế")
    fills_two = "ấ" * (JOINED - 1) + letter + "ấ" * (JOINED + 1 - len(letter))

    assert len(fills_two) == 2 * JOINED
    assert ours([fills_two]) == [(Encoding.UCS2, 2)]
    assert counted([fills_two]) == [(Encoding.UCS2, 3)]


def test_family_of_emoji_is_cut_between_its_members(real_processes: None) -> None:
    """As above: what zero-width joiners join is several UCS-2 characters."""
    family = "👩\u200d👧"
    fills_two = "ấ" * (JOINED - 2) + family + "ấ" * (JOINED - 3)

    assert ours([fills_two]) == [(Encoding.UCS2, 2)]
    assert counted([fills_two]) == [(Encoding.UCS2, 3)]
