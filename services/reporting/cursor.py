"""Where a page goes on, as an opaque text."""

import base64
import binascii
from collections.abc import Callable
from datetime import date, datetime
from typing import TypeVar

import orjson

from services.platform.problems import Problem
from services.reporting.fact_query import Moment, Place
from services.reporting.problems import INVALID_CURSOR

P = TypeVar("P")


def written(place: Place) -> str:
    """The text of a place."""
    return _text(place.ward, str(place.day), place.id)


def read(text: str | None) -> Place | None:
    """The place of a text. Raises: Problem."""
    return _read(text, lambda ward, day, id_: Place(ward, date.fromisoformat(day), id_))


def written_moment(moment: Moment) -> str:
    """The text of a moment."""
    return _text(moment.at.isoformat(), moment.id)


def read_moment(text: str | None) -> Moment | None:
    """The moment of a text. Raises: Problem."""
    return _read(text, lambda at, id_: Moment(_aware(at), id_))


def _aware(text: str) -> datetime:
    instant = datetime.fromisoformat(text)
    if instant.tzinfo is None:
        raise ValueError("an instant names its offset")
    return instant


def _text(*parts: str) -> str:
    return base64.urlsafe_b64encode(orjson.dumps(parts)).decode().rstrip("=")


def _read(text: str | None, of: Callable[..., P]) -> P | None:
    if text is None:
        return None
    try:
        padded = text + "=" * (-len(text) % 4)
        parts = orjson.loads(base64.b64decode(padded, altchars=b"-_", validate=True))
        if not isinstance(parts, list) or not all(isinstance(part, str) for part in parts):
            raise Problem(INVALID_CURSOR, "/query/cursor")
        return of(*parts)
    except (ValueError, TypeError, binascii.Error) as error:
        raise Problem(INVALID_CURSOR, "/query/cursor") from error
