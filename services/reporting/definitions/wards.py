"""The rows of wards: in Vietnamese order, as they were or as they are today."""

from collections.abc import Iterable
from datetime import date
from enum import StrEnum
from functools import cache
from typing import NamedTuple

from pydantic import BaseModel, Field

from services.platform.vietnam.vietnamese import sort_key
from services.platform.vietnam.wards import (
    LAST_OLD_DAY,
    MERGER,
    Ward,
    by_key,
    current,
    predecessors,
    successors,
    ward_at,
    wards_on,
)


class WardsMode(StrEnum):
    """Whether the past is shown under the units of its time or under today's."""

    AS_WAS = "as_was"
    TODAY = "today"


STANDARD = WardsMode.TODAY
"""History is for those who ask for it."""


class WardRef(BaseModel):
    """A unit with its name; `split_into` names today's units where its past cannot be divided."""

    key: str = Field(examples=["27343@2025-07-01"])
    code: str = Field(examples=["27343"])
    name: str = Field(examples=["Phường Chợ Lớn"])
    short_name: str = Field(examples=["Chợ Lớn"])
    kind: str = Field(examples=["phuong"])
    today: bool
    lat: float | None = None
    lon: float | None = None
    split_into: list[str] = []


class Move(NamedTuple):
    """A unit that went into one other as a whole, on that one's first day."""

    unit: str
    to: str
    day: date


@cache
def moves(key: str) -> tuple[Move, ...]:
    """What became of a unit, step by step; a split one stays where it was, for nobody knows."""
    ward = by_key(key)
    after = successors(ward) if ward else ()
    if len(after) != 1:
        return ()
    heir = after[0].ward
    return (Move(key, heir.key, heir.valid_from), *moves(heir.key))


def unit_on(key: str, day: date) -> str:
    """The unit that a unit had become by a day."""
    for move in moves(key):
        if day >= move.day:
            key = move.to
    return key


@cache
def shown_as(key: str, mode: WardsMode) -> str:
    """The unit under which a ward's past is shown: its one successor, else itself."""
    return key if mode is WardsMode.AS_WAS else unit_on(key, date.max)


def gathered_under(key: str, mode: WardsMode) -> frozenset[str]:
    """The keys whose figures belong to a unit's row; a split predecessor's never do."""
    ward = by_key(key)
    if ward is None or mode is WardsMode.AS_WAS:
        return frozenset({key})
    before = (p.ward.key for p in predecessors(ward) if shown_as(p.ward.key, mode) == key)
    return frozenset({key, *(k for found in before for k in gathered_under(found, mode))})


def is_counted(key: str, mode: WardsMode, day: date) -> bool:
    """Whether a unit is one of the wards of a day, or of today: of one geography, so that no
    number of wards adds up two, nor wards and what they lie in."""
    return key in _wards_of(MERGER if mode is WardsMode.TODAY else day)


def are_todays(mode: WardsMode, day: date) -> bool:
    """Whether the wards that are counted are the 168 of today."""
    return mode is WardsMode.TODAY or day >= MERGER


@cache
def _wards_of(day: date) -> frozenset[str]:
    return frozenset(ward.key for ward in wards_on(day))


def in_order(keys: Iterable[str]) -> list[str]:
    """Today's units first, then former ones, each in Vietnamese order."""
    return sorted(keys, key=_place)


def todays_keys() -> list[str]:
    """The 168 units of today, in Vietnamese order."""
    return [ward.key for ward in current()]


@cache
def ward_ref(key: str) -> WardRef:
    """How a unit is shown."""
    ward = by_key(key)
    if ward is None:
        code = key.partition("@")[0]
        return WardRef(key=key, code=code, name=code, short_name=code, kind="", today=False)
    after = successors(ward)
    return WardRef(
        key=ward.key,
        code=ward.code,
        name=ward.name,
        short_name=ward.short_name,
        kind=ward.kind.value,
        today=ward.valid_to is None,
        lat=ward.lat,
        lon=ward.lon,
        split_into=[s.ward.name for s in after] if len(after) > 1 else [],
    )


def _place(key: str) -> tuple[bool, object, str]:
    ref = ward_ref(key)
    return not ref.today, sort_key(ref.short_name), ref.key


def unit_of(text: str) -> Ward | None:
    """The unit that a request names: a key, or a code, which means the newest that had it."""
    if "@" in text:
        return by_key(text)
    return _newest(text)


@cache
def _newest(code: str) -> Ward | None:
    return ward_at(code, MERGER) or ward_at(code, LAST_OLD_DAY)
