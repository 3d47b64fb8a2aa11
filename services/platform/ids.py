"""Ids that we make ourselves."""

import hashlib
import os
import secrets
import time


def new_event_id() -> str:
    """A UUIDv7 (RFC 9562, 5.7): milliseconds first, so that ids sort by time."""
    value = (time.time_ns() // 1_000_000) << 80 | int.from_bytes(os.urandom(10))
    return _uuid(value, version=7)


def derived_event_id(*parts: str) -> str:
    """The same UUIDv8 (RFC 9562, 5.8) for the same parts, so that a repeated act has one id."""
    digest = hashlib.sha256("\x1f".join(parts).encode()).digest()
    return _uuid(int.from_bytes(digest[:16]), version=8)


def random_id(prefix: str) -> str:
    """An id that says nothing: prefix and 96 random bits."""
    return f"{prefix}-{secrets.token_hex(12)}"


def _uuid(value: int, version: int) -> str:
    value = value & ~(0xF << 76) | version << 76
    value = value & ~(0x3 << 62) | 0x2 << 62
    text = f"{value:032x}"
    return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"
