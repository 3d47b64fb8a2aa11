"""Which of the notifications one process sends, where several share the work."""

import re
from typing import NamedTuple

from services.notify.notification.notification import ID_PREFIX

_WRITTEN = re.compile(r"(?P<number>[1-9][0-9]?)/(?P<of>[1-9][0-9]?)")
_BEGINNINGS = 0x10000
"""Ids begin with a hash, so their first four digits are spread evenly."""


class Part(NamedTuple):
    """One of several equal parts; all of them must be running, or some SMS wait for theirs."""

    number: int = 1
    of: int = 1

    @property
    def first(self) -> str:
        """Ids from here on."""
        return _beginning((self.number - 1) * _BEGINNINGS // self.of)

    @property
    def end(self) -> str:
        """The first id that is another's."""
        return _beginning(self.number * _BEGINNINGS // self.of)

    def has(self, notification_id: str) -> bool:
        """Whether it is this part's to send."""
        return self.first <= notification_id < self.end


WHOLE = Part()


def read_part(line: str) -> Part:
    """`2/3` is the second of three. Raises: ValueError."""
    found = _WRITTEN.fullmatch(line)
    part = Part(int(found["number"]), int(found["of"])) if found else None
    if part is None or part.number > part.of:
        raise ValueError(f"a part is like 2/3, the second of three; {line!r} is not")
    return part


def _beginning(number: int) -> str:
    """Behind the last comes a letter that no hash has."""
    return f"{ID_PREFIX}{number:04x}" if number < _BEGINNINGS else f"{ID_PREFIX}g"
