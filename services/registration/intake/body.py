"""From a request's bytes to its events: bounded, and one bad event never harms the others."""

import re
from codecs import BOM_UTF8
from collections.abc import Iterator
from itertools import islice
from typing import Any

import orjson

from services.events.envelope import BATCH_MEDIA_TYPE, MEDIA_TYPE
from services.platform.content_coding import GZIP, BrokenGzip, TooMuch, gunzip
from services.platform.problems import Problem
from services.registration.intake.problems import (
    BROKEN_GZIP,
    EVENT_TOO_LARGE,
    INVALID_UTF8,
    MALFORMED_EVENT,
    NOT_A_NUMBER,
    NOT_JSON,
    TOO_DEEP,
    TOO_LARGE,
    UNSUPPORTED_MEDIA_TYPE,
)

MAX_EVENTS = 500
MAX_BYTES = 8 * 1024 * 1024
MAX_EVENT_BYTES = 64 * 1024
MAX_DEPTH = 32
MAX_TOKENS = 250_000
"""What is broken is looked through so far and no further: a second of work at most."""

Element = dict[str, Any] | Problem
"""One posted event, decoded, or what is wrong with it."""

_NESTING = frozenset({dict, list})
_STRING = rb'"(?:[^"\\]++|\\.|\\\Z)*+(?:"|\Z)'
"""Possessive, and an open string runs to the end: linear on whatever is sent."""
_TOKEN = re.compile(_STRING + rb"|[\[\]{},]", re.DOTALL)
_STRINGS = re.compile(_STRING, re.DOTALL)
_NO_NUMBER = re.compile(rb"\b(?:NaN|Infinity)\b|\d[eE]\+?\d{3,}|\d{300,}")


def unpack(body: bytes, media_type: str, encoding: str) -> list[Element]:
    """The request's events in order. Raises: Problem where the whole cannot be read."""
    kind = media_type.partition(";")[0].strip().lower()
    if kind not in (MEDIA_TYPE, BATCH_MEDIA_TYPE):
        raise Problem(UNSUPPORTED_MEDIA_TYPE)
    text = _inflate(body, encoding.strip().lower())
    return _batch(text) if kind == BATCH_MEDIA_TYPE else [_single(text)]


def _inflate(body: bytes, encoding: str) -> bytes:
    if len(body) > MAX_BYTES:
        raise Problem(TOO_LARGE)
    codings = [c for c in map(str.strip, encoding.split(",")) if c not in ("", "identity")]
    if codings:
        if len(codings) > 1 or codings[0] not in GZIP:
            raise Problem(UNSUPPORTED_MEDIA_TYPE)
        body = _gunzip(body)
    return body.removeprefix(BOM_UTF8)


def _gunzip(body: bytes) -> bytes:
    try:
        return gunzip(body, MAX_BYTES)
    except BrokenGzip:
        raise Problem(BROKEN_GZIP) from None
    except TooMuch:
        raise Problem(TOO_LARGE) from None


def _single(text: bytes) -> Element:
    element = _element(text)
    if isinstance(element, Problem) and element.kind is MALFORMED_EVENT:
        raise Problem(NOT_JSON)
    return element


def _batch(text: bytes) -> list[Element]:
    try:
        batch = orjson.loads(text)
    except orjson.JSONDecodeError:
        return [_element(part) for part in _split(text)]
    if not isinstance(batch, list):
        raise Problem(NOT_JSON)
    if len(batch) > MAX_EVENTS:
        raise Problem(TOO_LARGE)
    return [_object(value) for value in batch]


def _element(text: bytes) -> Element:
    try:
        return _object(orjson.loads(text))
    except orjson.JSONDecodeError:
        return _why_not(text)


def _object(value: object) -> Element:
    if not isinstance(value, dict):
        return Problem(MALFORMED_EVENT)
    return Problem(TOO_DEEP) if _is_too_deep(value) else value


def _is_too_deep(value: dict[str, Any]) -> bool:
    level: list[Any] = [value]
    for _ in range(MAX_DEPTH):
        inside = (part.values() if type(part) is dict else part for part in level)
        level = [one for parts in inside for one in parts if type(one) in _NESTING]
        if not level:
            return False
    return True


def _why_not(text: bytes) -> Problem:
    if len(text) > MAX_EVENT_BYTES:
        return Problem(EVENT_TOO_LARGE)
    try:
        text.decode()
    except UnicodeDecodeError:
        return Problem(INVALID_UTF8)
    if any(depth > MAX_DEPTH for depth, _ in _depths(text)):
        return Problem(TOO_DEEP)
    if _NO_NUMBER.search(_STRINGS.sub(b'""', text)):
        return Problem(NOT_A_NUMBER)
    return Problem(MALFORMED_EVENT)


def _split(text: bytes) -> list[bytes]:
    """The parts of an array that does not parse as a whole. Raises: Problem."""
    start, end = len(text) - len(text.lstrip()), len(text.rstrip())
    if text[start : start + 1] != b"[" or text[end - 1 : end] != b"]":
        raise Problem(NOT_JSON)
    parts, begin, depth = [], start + 1, 0
    for depth, token in _depths(text):
        if depth == 1 and token.group() == b",":
            parts.append(text[begin : token.start()])
            begin = token.end()
            if len(parts) == MAX_EVENTS:
                raise Problem(TOO_LARGE)
    if depth != 0:
        raise Problem(NOT_JSON)
    return [*parts, text[begin : end - 1]]


def _depths(text: bytes) -> Iterator[tuple[int, re.Match[bytes]]]:
    depth = 0
    for token in islice(_TOKEN.finditer(text), MAX_TOKENS):
        depth += {b"[": 1, b"{": 1, b"]": -1, b"}": -1}.get(token.group(), 0)
        yield depth, token
