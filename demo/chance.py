"""Chance from a seed: the same names give the same draws, in whatever order they are asked."""

from collections.abc import Mapping
from datetime import datetime
from hashlib import blake2b
from random import Random
from typing import TypeVar

T = TypeVar("T")


def chance(*names: object) -> Random:
    """A generator of its own for whatever these names name."""
    return Random(_digest(16, *names))


def shares(count: int, *names: object) -> list[float]:
    """So many numbers from 0 to 1; quicker than a generator where a few are enough."""
    digest = _digest(2 * count, *names)
    return [int.from_bytes(digest[n : n + 2]) / 65_536 for n in range(0, 2 * count, 2)]


def one_of(weights: Mapping[T, float], draw: Random) -> T:
    """One of the keys, by weight."""
    left = draw.random() * sum(weights.values())
    for value, weight in weights.items():
        left -= weight
        if left < 0:
            return value
    return value


def event_id(at: datetime, draw: Random) -> str:
    """A UUIDv7 (RFC 9562, 5.7) of that instant."""
    value = int(at.timestamp() * 1_000) << 80 | draw.getrandbits(80)
    value = value & ~(0xF << 76) | 0x7 << 76
    value = value & ~(0x3 << 62) | 0x2 << 62
    text = f"{value:032x}"
    return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"


def _digest(size: int, *names: object) -> bytes:
    return blake2b("\x1f".join(map(str, names)).encode(), digest_size=size).digest()
