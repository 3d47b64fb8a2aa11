"""The wards that a code stands for: those they came from, and those they became. Pure."""

from collections.abc import Iterable, Iterator

from services.platform.vietnam.wards import (
    LAST_OLD_DAY,
    MERGER,
    Ward,
    predecessors,
    successors,
    ward_at,
)


def newest(code: str) -> Ward | None:
    """The unit that has this code, else the last one that had it."""
    return ward_at(code, MERGER) or ward_at(code, LAST_OLD_DAY)


def units(codes: Iterable[str]) -> tuple[Ward, ...]:
    """The wards that these codes mean today."""
    return tuple(unit for code in codes if (unit := newest(code)))


def ground(of: Iterable[Ward]) -> frozenset[Ward]:
    """These wards, those they came from, and those they became."""
    return frozenset(kin for unit in of for kin in _kin(unit))


def readable(of: Iterable[Ward]) -> tuple[str, ...]:
    """Codes of the ground, without an old one that means another ward today."""
    return tuple(sorted({unit.code for unit in ground(of) if newest(unit.code) == unit}))


def _kin(unit: Ward) -> Iterator[Ward]:
    yield unit
    yield from (step.ward for step in (*predecessors(unit), *successors(unit)))
