"""How HTTP packs bodies: what a reader takes (RFC 9110, 12.5.3), and gzip unpacked (RFC 1952)."""

import zlib
from collections.abc import Iterator

from starlette.datastructures import Headers

GZIP = frozenset({"gzip", "x-gzip"})
"""The second name is equal to the first (RFC 9110, 8.4.1.3)."""
MAX_MEMBERS = 1_000
_CHUNK = 16 * 1024
_GZIP_BITS = 16 + zlib.MAX_WBITS


class BrokenGzip(ValueError):
    """No gzip, or none that ends."""


class TooMuch(ValueError):
    """More than may be."""


def takes_gzip(headers: Headers) -> bool:
    """What is named decides; `*` stands for what is not. Left out, nothing is packed."""
    accepted = ",".join(headers.getlist("accept-encoding")).lower()
    weights = dict(map(_weighted, accepted.split(",")))
    named = [weights[name] for name in GZIP if name in weights]
    return max(named, default=weights.get("*", 0.0)) > 0


def gunzip(body: bytes, most: int) -> bytes:
    """All members one after the other; at most so many bytes. Raises: BrokenGzip, TooMuch."""
    parts, left = list[bytes](), most
    for part in _unpacked(body, most):
        left -= len(part)
        if left < 0:
            raise TooMuch
        parts.append(part)
    return b"".join(parts)


def _unpacked(body: bytes, most: int) -> Iterator[bytes]:
    """Read in chunks, so that the rest is not copied for each of many members."""
    view, at = memoryview(body), 0
    for _ in range(MAX_MEMBERS):
        member = zlib.decompressobj(wbits=_GZIP_BITS)
        while not member.eof:
            chunk = view[at : at + _CHUNK]
            if not chunk:
                raise BrokenGzip
            yield _part(member, bytes(chunk), most)
            at += len(chunk) - len(member.unused_data)
        if at == len(body):
            return
    raise TooMuch


def _part(member: "zlib._Decompress", chunk: bytes, most: int) -> bytes:
    try:
        part = member.decompress(chunk, most + 1)
    except zlib.error:
        raise BrokenGzip from None
    if member.unconsumed_tail:
        raise TooMuch
    return part


def _weighted(coding: str) -> tuple[str, float]:
    name, *parameters = (part.strip() for part in coding.split(";"))
    weight = next((p.partition("=")[2] for p in parameters if p.startswith("q=")), "1")
    try:
        return name, float(weight)
    except ValueError:
        return name, 0.0
