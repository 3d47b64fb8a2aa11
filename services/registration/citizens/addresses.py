"""The one form in which two people write the same address, and the form of earlier versions."""

import re

from services.platform.vietnam.texts import compatible, digits, fold, former_fold, lettered

_SLASH = re.compile(r"(?:\s*[/\\|])+\s*")
_LETTER_MEETS_FIGURE = re.compile(r"(?<=[^\W\d_])(?=\d)|(?<=\d)(?=[^\W\d_])")
_NUMBERED = re.compile(r"(?:\b(?:so nha|nha so|so|sn|no) )+(?=\d)|^nha (?=\d)")
"""`số 12`, `nhà số 12`, `№ 12`: the words say no more than the figure."""
_FORMERLY_DROPPED = re.compile(r"[^a-z0-9/]+")


def one_form(text: str) -> str:
    """Empty where it holds no letter and no figure.

    Case, accents, punctuation, what nobody sees, and blanks around `/` or between a figure and a
    letter tell no two doors apart. A letter does, of whatever script.
    """
    words = _SLASH.sub("/", lettered(fold(text), kept="/\\|"))
    apart = " ".join(_LETTER_MEETS_FIGURE.sub(" ", words).split())
    return _NUMBERED.sub("", apart).strip("/ ")


def former_form(text: str) -> str:
    """As earlier versions hashed it; empty where that may have been several doors.

    They let every letter beyond `a` to `z` vanish: two foreign addresses could become one, and
    their row may be of either. Only letters that are Latin ones today are looked for under it.
    """
    seen = compatible(text)
    if digits(seen) != seen or not fold(text).isascii():
        return ""
    return _FORMERLY_DROPPED.sub(" ", former_fold(seen)).strip()
