"""Which writings say that something is not known: none of them is anybody's; pure."""

import re
from itertools import pairwise

from services.platform.vietnam.texts import digits, fold, lettered

_ABOUT = r"(?: (?:so|nha|so nha|dia chi|cu the|thong tin|gi|serial))*"
_NOTHING = re.compile(
    rf"(?:khong|ko|k)(?: (?:co|ro|biet|nho|cung cap|cho|xac dinh|ghi|lay duoc|khai))?{_ABOUT}"
    rf"|chua (?:co|ro|biet|cap|cung cap|xac dinh|ghi|lay duoc|khai){_ABOUT}"
    r"|none|null|nil|n ?a|no|unknown|not known|undefined|vo danh|bo trong|x+|0+"
)
_BEGINNING = re.compile(r"(?:0084|84|0)")


def says_nothing(text: str) -> bool:
    """`không có`, `-`, `000`, `n/a` and the like, however they are written."""
    bare = " ".join(lettered(fold(text)).split())
    return not bare or _NOTHING.fullmatch(bare) is not None


def is_no_national_id(text: str) -> bool:
    """A text without figures, or figures as a hand types to fill a field."""
    figures = _figures(text)
    return len({*figures}) < 2 or _repeats(figures) or _runs(figures)


def is_no_phone(text: str) -> bool:
    """The same of a number, whose beginning is given; a number in groups may be somebody's."""
    figures = _figures(text)
    own = _BEGINNING.sub("", figures, count=1)
    return len({*figures}) < 2 or len({*own}) == 1 or _runs(figures) or _runs(own)


def _figures(text: str) -> str:
    return "".join(c for c in digits(text) if c.isdecimal())


def _repeats(figures: str) -> bool:
    """A few again and again."""
    periods = range(1, len(figures) // 2 + 1)
    return any((figures[:n] * len(figures)).startswith(figures) for n in periods)


def _runs(figures: str) -> bool:
    """Up or down by one, with 0 after 9."""
    steps = {(int(b) - int(a)) % 10 for a, b in pairwise(figures)}
    return len(figures) > 6 and steps in ({1}, {9})
