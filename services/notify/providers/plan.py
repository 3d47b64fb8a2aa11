"""How an installation says who carries its SMS, as one line."""

import re
from typing import NamedTuple

_ONE = re.compile(r"(?P<name>[a-z]+)(:(?P<share>[1-9][0-9]{0,3}))?")


class Planned(NamedTuple):
    """One provider's place in the plan."""

    name: str
    priority: int
    share: int


def read_plan(line: str) -> tuple[Planned, ...]:
    """`smpp:3,esms;speedsms`: three of four by SMPP, one by eSMS, and where both are down the last.

    Raises: ValueError.
    """
    planned = [
        _read(one.strip(), priority)
        for priority, level in enumerate(line.split(";"))
        for one in level.split(",")
    ]
    if len({one.name for one in planned}) < len(planned):
        raise ValueError("a provider stands once in the plan")
    return tuple(planned)


def _read(one: str, priority: int) -> Planned:
    found = _ONE.fullmatch(one)
    if found is None:
        raise ValueError(f"a plan is like smpp:3,esms;speedsms; {one!r} is not")
    return Planned(found["name"], priority, int(found["share"] or 1))
