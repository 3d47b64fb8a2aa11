"""How Vietnamese text is put in order."""

import re

from services.platform.vietnam.texts import composed, decomposed

_ALPHABET = {letter: n for n, letter in enumerate("aăâbcdđeêfghijklmnoôơpqrstuưvwxyz")}
_TONES = {"\u0300": 1, "\u0309": 2, "\u0303": 3, "\u0301": 4, "\u0323": 5}
"""Không dấu, huyền, hỏi, ngã, sắc, nặng: the dictionary's order."""

SortKey = tuple[tuple[tuple[int, int], ...], tuple[int, ...]]


def sort_key(text: str) -> SortKey:
    """Spaces, numbers by value, the 33 letters, then the tones over the whole text.

    Equal to ICU's collation `vi` (with numeric ordering) on the names of all 168 wards.
    """
    marks = re.findall(r"\d+|.", composed(text.lower()), re.DOTALL)
    letters, tones = zip(*map(_weigh, marks), strict=True) if marks else ((), ())
    return letters, tones


def _weigh(mark: str) -> tuple[tuple[int, int], int]:
    if mark == " ":
        return (0, 0), 0
    if mark.isdecimal():
        return (1, int(mark)), 0
    parts = decomposed(mark)
    base, accents = parts[0], parts[1:]
    shape = "".join(accent for accent in accents if accent not in _TONES)
    letter = composed(base + shape)
    tone = next((_TONES[accent] for accent in accents if accent in _TONES), 0)
    if letter in _ALPHABET:
        return (2, _ALPHABET[letter]), tone
    return (3, ord(letter[0])), tone
