"""Where a page goes on, as an opaque text."""

import base64
import binascii
from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import TypeVar
from urllib.parse import urlencode

import orjson
from starlette.datastructures import QueryParams

from services.platform.problems import Problem
from services.reporting.problems import INVALID_CURSOR
from services.reporting.stores.fact_query import Position, TimePosition

P = TypeVar("P")


def written(at: Position | TimePosition) -> str:
    """The text of where a page ended."""
    parts = [part if isinstance(part, str) else part.isoformat() for part in at]
    return base64.urlsafe_b64encode(orjson.dumps(parts)).decode().rstrip("=")


def read(text: str | None) -> Position | None:
    """The place of a text. Raises: Problem."""
    return _read(text, lambda ward, day, id_: Position(ward, date.fromisoformat(day), id_))


def read_time_position(text: str | None) -> TimePosition | None:
    """The moment of a text. Raises: Problem."""
    return _read(text, lambda at, id_: TimePosition(_aware(at), id_))


def onward(path: str, params: QueryParams, after: Position | TimePosition | None) -> str | None:
    """The address of the next page of the same question; None at the end."""
    if after is None:
        return None
    kept = [(name, value) for name, value in params.multi_items() if name != "cursor"]
    return f"{path}?{urlencode([*kept, ('cursor', written(after))])}"


def _aware(text: str) -> datetime:
    instant = datetime.fromisoformat(text)
    if instant.tzinfo is None:
        raise ValueError("an instant names its offset")
    return instant.astimezone(UTC)


def _read(text: str | None, of: Callable[..., P]) -> P | None:
    if text is None:
        return None
    try:
        padded = text + "=" * (-len(text) % 4)
        parts = orjson.loads(base64.b64decode(padded, altchars=b"-_", validate=True))
        if not isinstance(parts, list) or not all(isinstance(part, str) for part in parts):
            raise Problem(INVALID_CURSOR, "/query/cursor")
        return of(*parts)
    except (ValueError, TypeError, OverflowError, binascii.Error) as error:
        raise Problem(INVALID_CURSOR, "/query/cursor") from error
