"""What readers see of wards, their succession and the catalogue of codes."""

from collections.abc import Iterator
from datetime import date
from functools import cache

from pydantic import BaseModel

from services.events import codes, neighbourhoods, person
from services.events.codes import Code
from services.platform.vietnam.wards import (
    Succession,
    Ward,
    WardKind,
    all_units,
    predecessors,
    successors,
)


class WardView(BaseModel):
    """A unit while it lasted; both days are included."""

    key: str
    """Code and first day: the code alone is ambiguous across 1 July 2025."""
    code: str
    name: str
    short_name: str
    kind: WardKind
    valid_from: date
    valid_to: date | None
    district: str | None
    area_km2: float | None
    lat: float | None
    lon: float | None


class SuccessionView(BaseModel):
    """A unit before or after; `split`: the old unit went to more than one."""

    ward: WardView
    split: bool


class WardInTime(WardView):
    """A unit with those before and after it."""

    predecessors: list[SuccessionView]
    successors: list[SuccessionView]


class Step(BaseModel):
    """One old unit and one that it went into, by their keys."""

    old: str
    new: str
    split: bool


class CodeName(BaseModel):
    """A code as people read it."""

    code: str
    vi: str
    en: str


Catalogue = dict[str, list[CodeName]]
"""Codes by the name of their list, such as `Service`, in the order to show them."""


def ward_view(ward: Ward) -> WardView:
    """One unit."""
    return WardView.model_validate(ward, from_attributes=True)


def ward_in_time(ward: Ward) -> WardInTime:
    """One unit with its neighbours in time."""
    return WardInTime(
        **dict(ward_view(ward)),
        predecessors=_views(predecessors(ward)),
        successors=_views(successors(ward)),
    )


@cache
def steps() -> tuple[Step, ...]:
    """Every step of the succession of wards (districts and the city have none of their own)."""
    return tuple(
        Step(old=old.ward.key, new=new.key, split=old.split)
        for new in all_units()
        if new.kind is not WardKind.CITY
        for old in predecessors(new)
    )


@cache
def catalogue() -> Catalogue:
    """All codes that events and posted persons carry."""
    return {
        kind.__name__: [CodeName(code=code.value, vi=code.vi, en=code.en) for code in kind]
        for kind in sorted(_lists(), key=lambda kind: kind.__name__)
    }


def _lists() -> Iterator[type[Code]]:
    modules = (codes, neighbourhoods, person)
    for declared in (value for module in modules for value in vars(module).values()):
        if isinstance(declared, type) and issubclass(declared, Code) and len(declared):
            yield declared


def _views(found: tuple[Succession, ...]) -> list[SuccessionView]:
    return [SuccessionView(ward=ward_view(step.ward), split=step.split) for step in found]
