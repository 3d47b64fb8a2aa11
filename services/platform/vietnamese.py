"""How Vietnamese text is put in order and how it is found."""

import re
import unicodedata

_ALPHABET = {letter: n for n, letter in enumerate("aăâbcdđeêfghijklmnoôơpqrstuưvwxyz")}
_TONES = {"\u0300": 1, "\u0309": 2, "\u0303": 3, "\u0301": 4, "\u0323": 5}
"""Không dấu, huyền, hỏi, ngã, sắc, nặng: the dictionary's order."""

SortKey = tuple[tuple[tuple[int, int], ...], tuple[int, ...]]


def sort_key(text: str) -> SortKey:
    """Spaces, numbers by value, the 33 letters, then the tones over the whole text.

    Equal to ICU's collation `vi` (with numeric ordering) on the names of all 168 wards.
    """
    marks = re.findall(r"\d+|.", unicodedata.normalize("NFC", text.lower()), re.DOTALL)
    letters, tones = zip(*map(_weigh, marks), strict=True) if marks else ((), ())
    return letters, tones


def _weigh(mark: str) -> tuple[tuple[int, int], int]:
    if mark == " ":
        return (0, 0), 0
    if mark.isdecimal():
        return (1, int(mark)), 0
    parts = unicodedata.normalize("NFD", mark)
    base, accents = parts[0], parts[1:]
    shape = "".join(accent for accent in accents if accent not in _TONES)
    letter = unicodedata.normalize("NFC", base + shape)
    tone = next((_TONES[accent] for accent in accents if accent in _TONES), 0)
    if letter in _ALPHABET:
        return (2, _ALPHABET[letter]), tone
    return (3, ord(letter[0])), tone


def fold(text: str) -> str:
    """Without accents and case, so that `Hòa`, `Hoà` and `hoa` find each other."""
    plain = "".join(
        mark
        for mark in unicodedata.normalize("NFD", text.lower().replace("đ", "d"))
        if not unicodedata.combining(mark)
    )
    return " ".join(plain.split())
