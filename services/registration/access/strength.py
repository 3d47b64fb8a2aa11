"""Passwords that are guessed first: repeated, in a row, or on every list. Pure."""

from services.platform.vietnam.texts import fold

NEW_LETTERS = 8
"""So many that neither repeat nor continue what stands before them."""
_ROWS = (
    "abcdefghijklmnopqrstuvwxyz",
    "0123456789012345678901234567890",
    "qwertyuiop",
    "asdfghjkl",
    "zxcvbnm",
    "1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik,9ol.0p;/",
    "!@#$%^&*()",
)
_WORDS = (
    "password passwords letmein welcome administrator admin changeme iloveyou qwerty master "
    "dragon monkey football baseball superman princess sunshine secret default guest login "
    "matkhau matkhaumoi matma quantri quantrivien hethong vietnam saigon hochiminh tphcm "
    "hanoi anhyeuem emyeuanh maiyeuem yeuem taikhoan chuyendoiso congnghe tungngo "
    "correcthorsebatterystaple "
)
_COMMON = frozenset(_WORDS.split())
"""Words that lists of leaked passwords begin with, here and elsewhere, and our own names."""
_AROUND = "0123456789 !@#$%^&*()-_=+.,;:?/"
_LOOKS_LIKE = str.maketrans("01345$@!7", "oieassait")


def is_guessable(password: str) -> bool:
    """Whether a list or a pattern finds it, however long it is (ASVS 2.1.7)."""
    plain = _folded(password)
    return _new_letters(plain) < NEW_LETTERS or _is_common(plain)


def _new_letters(plain: str) -> int:
    """Those that are not what one would write next."""
    found, seen = 0, ""
    for letter in plain:
        found += not (_continues(seen, letter) or _repeats(seen, letter))
        seen += letter
    return found


def _continues(seen: str, letter: str) -> bool:
    """A row of the alphabet, the digits or the keyboard, forwards or backwards."""
    pair = seen[-1:] + letter
    return len(pair) == 2 and any(pair in row or pair[::-1] in row for row in _ROWS)


def _repeats(seen: str, letter: str) -> bool:
    """What stood there before: a single letter, or a piece of at least three."""
    return seen[-1:] == letter or (len(seen) >= 2 and seen[-2:] + letter in seen)


def _is_common(plain: str) -> bool:
    """A common word, whatever digits and signs stand around it or in its letters' place."""
    core = plain.strip(_AROUND)
    letters = "".join(c for c in plain if c.isalpha())
    lookalike = "".join(c for c in core.translate(_LOOKS_LIKE) if c.isalpha())
    return not _COMMON.isdisjoint({core, letters, lookalike})


def _folded(text: str) -> str:
    return fold(text)
