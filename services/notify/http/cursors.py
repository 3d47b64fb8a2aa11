"""Where a page goes on: a place that no two records share, as an opaque text."""

import base64
import binascii
import json
from datetime import datetime
from typing import Annotated

from fastapi import Query

from services.platform.problems import INVALID_REQUEST, Problem

Place = tuple[datetime, str]
"""The last record of a page: its instant and its key, by which the list is ordered."""

CursorParameter = Annotated[str | None, Query(max_length=400, description="`next` of a page")]


def written(place: Place) -> str:
    """The text of where a page ended."""
    at, key = place
    return base64.urlsafe_b64encode(json.dumps([at.isoformat(), key]).encode()).decode().rstrip("=")


def read(cursor: str | None) -> Place | None:
    """The place of a text. Raises: Problem."""
    if cursor is None:
        return None
    try:
        padded = cursor + "=" * (-len(cursor) % 4)
        at, key = json.loads(base64.b64decode(padded, altchars=b"-_", validate=True))
        instant = datetime.fromisoformat(at)
    except (ValueError, TypeError, binascii.Error):
        raise Problem(INVALID_REQUEST, "/query/cursor") from None
    if instant.tzinfo is None or not isinstance(key, str):
        raise Problem(INVALID_REQUEST, "/query/cursor")
    return instant, key
