"""From a request's bytes to its events: bounded, and one bad event never harms the others."""

import re
from codecs import BOM_UTF8
from collections.abc import Iterable, Iterator
from typing import Any

import orjson

from services.events.envelope import BATCH_MEDIA_TYPE, MEDIA_TYPE
from services.platform.problems import Problem, ProblemKind
from services.platform.server.content_coding import GZIP, BrokenGzip, TooMuch, gunzip
from services.platform.server.limits import Hold, structure
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
MAX_VALUES = 250_000
MAX_EVENT_VALUES = 2_000
"""Commas and opening brackets: what decoding, judging and looking for a fault cost."""
MAX_QUOTES = 1_000_000
MAX_EXAMINED = 1024 * 1024
BYTES_A_VALUE = 160
"""What a value takes in memory, measured on lists and dicts of little."""

Element = dict[str, Any] | Problem
"""One posted event, decoded, or what is wrong with it."""

_NESTING = frozenset({dict, list})
# Whatever is sent, each of these reads a byte once or twice, and never looks back from it.
_STRING = rb'"(?:[^"\\]++|\\.|\\\Z)*+(?:"|\Z)'
"""An open string runs to the end."""
_TOKEN = re.compile(rb'(?:[^"\[\]{},]++|' + _STRING + rb")*+([\[\]{},]|\Z)", re.DOTALL)
_STRINGS = re.compile(_STRING, re.DOTALL)
_NO_NUMBER = re.compile(rb"\b(?:NaN|Infinity)\b|\d[eE]\+?\d{3}|(?<!\d)\d{300}")


def unpack(
    body: bytes, media_type: str, encoding: str, hold: Hold = lambda _: None
) -> list[Element]:
    """The request's events in order. Raises: Problem where the whole cannot be read."""
    kind = media_type.partition(";")[0].strip().lower()
    if kind not in (MEDIA_TYPE, BATCH_MEDIA_TYPE):
        raise Problem(UNSUPPORTED_MEDIA_TYPE)
    text = _inflate(body, encoding.strip().lower())
    hold(_weight(text))
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


def _weight(text: bytes) -> int:
    """In memory, once it is decoded. Raises: Problem where so much structure is no upload."""
    values = structure(text)
    if values > MAX_VALUES or text.count(b'"') > MAX_QUOTES:
        raise Problem(TOO_LARGE)
    return len(text) + BYTES_A_VALUE * values


def _single(text: bytes) -> Element:
    element = _element(text)
    if isinstance(element, Problem) and element.kind is MALFORMED_EVENT:
        raise Problem(NOT_JSON)
    return element


def _batch(text: bytes) -> list[Element]:
    try:
        batch = orjson.loads(text)
    except orjson.JSONDecodeError:
        return _one_by_one(_split(text))
    if not isinstance(batch, list):
        raise Problem(NOT_JSON)
    if len(batch) > MAX_EVENTS:
        raise Problem(TOO_LARGE)
    return [_object(value) for value in batch]


def _one_by_one(parts: Iterable[bytes]) -> list[Element]:
    """Of what is broken so much is looked through for the reason, and no more."""
    elements: list[Element] = []
    left = MAX_EXAMINED
    for part in parts:
        elements.append(_element(part) if len(part) <= left else _element(part, MALFORMED_EVENT))
        left -= len(part) if isinstance(elements[-1], Problem) else 0
    return elements


def _element(text: bytes, why: ProblemKind | None = None) -> Element:
    try:
        return _object(orjson.loads(text))
    except orjson.JSONDecodeError:
        return Problem(why) if why else _why_not(text)


def _object(value: object) -> Element:
    if not isinstance(value, dict):
        return Problem(MALFORMED_EVENT)
    too_much = _is_too_much(value)
    return Problem(too_much) if too_much else value


def _is_too_much(value: dict[str, Any]) -> ProblemKind | None:
    """Counted before anything is validated: each value may be a fault of its own."""
    level: list[Any] = [value]
    values = 0
    for _ in range(MAX_DEPTH):
        values += sum(map(len, level))
        if values > MAX_EVENT_VALUES:
            return EVENT_TOO_LARGE
        inside = (part.values() if type(part) is dict else part for part in level)
        level = [one for parts in inside for one in parts if type(one) in _NESTING]
        if not level:
            return None
    return TOO_DEEP


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
        if depth == 1 and token[1] == b",":
            parts.append(text[begin : token.end() - 1])
            begin = token.end()
            if len(parts) == MAX_EVENTS:
                raise Problem(TOO_LARGE)
    if depth != 0:
        raise Problem(NOT_JSON)
    return [*parts, text[begin : end - 1]]


def _depths(text: bytes) -> Iterator[tuple[int, re.Match[bytes]]]:
    depth = 0
    for token in _TOKEN.finditer(text):
        depth += {b"[": 1, b"{": 1, b"]": -1, b"}": -1}.get(token[1], 0)
        yield depth, token
