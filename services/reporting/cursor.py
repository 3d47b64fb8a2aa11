"""Where a page of facts goes on, as an opaque text."""

import base64
import binascii
from datetime import date

import orjson

from services.platform.problems import Problem
from services.reporting.facts import Place
from services.reporting.problems import INVALID_CURSOR


def written(place: Place) -> str:
    """The text of a place."""
    return (
        base64.urlsafe_b64encode(orjson.dumps([place.ward, str(place.day), place.id]))
        .decode()
        .rstrip("=")
    )


def read(text: str | None) -> Place | None:
    """The place of a text. Raises: Problem."""
    if text is None:
        return None
    try:
        padded = text + "=" * (-len(text) % 4)
        ward, day, id_ = orjson.loads(base64.b64decode(padded, altchars=b"-_", validate=True))
        if not isinstance(ward, str) or not isinstance(id_, str):
            raise Problem(INVALID_CURSOR, "/query/cursor")
        return Place(ward, date.fromisoformat(day), id_)
    except (ValueError, TypeError, binascii.Error) as error:
        raise Problem(INVALID_CURSOR, "/query/cursor") from error
