"""The parameters of the report API as OpenAPI shows them; `query` judges them."""

from typing import Any

from services.reporting.ask import UNITS
from services.reporting.labels import CATALOGUE
from services.reporting.measures import MEASURES
from services.reporting.report import Report
from services.reporting.wards import STANDARD, WardsMode

Parameter = dict[str, Any]


def _query(name: str, schema: dict[str, Any], text: str, *, required: bool = False) -> Parameter:
    return {
        "name": name,
        "in": "query",
        "required": required,
        "description": text,
        "schema": schema,
    }


_DAY = {"type": "string", "format": "date", "examples": ["2025-11-07"]}
_ID = {"type": "string", "pattern": "^[a-z][a-z0-9-]{1,63}$"}
WARD = _query(
    "ward",
    {
        "type": "string",
        "pattern": r"^\d{2,5}(@(\d{4}-\d{2}-\d{2}|unknown))?$",
        "examples": ["27343"],
    },
    "A code (the newest unit that had it), or a key such as 26740@2020-01-01",
)
PERIOD = [
    _query("from", _DAY, "First day; without it, from the beginning"),
    _query("to", _DAY, "Last day; without it, today"),
]
FILTERS = [
    _query("service", {"type": "string", "enum": list(CATALOGUE["service"])}, "Of this service"),
    _query("group", {"type": "string", "enum": list(CATALOGUE["group"])}, "Of this group"),
    _query("neighbourhood", _ID, "Of this khu phố or ấp"),
    _query("team", _ID, "Of this team"),
]
QUESTION = [
    *PERIOD,
    WARD,
    *FILTERS,
    _query("known_by", _DAY, "As it was known at the end of this day"),
    _query(
        "wards",
        {"type": "string", "enum": list(WardsMode), "default": STANDARD.value},
        "Under today's units, or under those of the time; a split ward's past is never divided",
    ),
]
PAGE = [
    _query("cursor", {"type": "string", "pattern": "^[A-Za-z0-9_-]+$"}, "From `next`"),
    _query(
        "limit",
        {"type": "integer", "minimum": 1, "maximum": 500, "default": 100},
        "How many rows a page has at least",
    ),
]
_LABELS = sorted({label for measure in MEASURES for label in measure.labels})
FACTS = [
    _query(
        "measure",
        {"type": "string", "enum": [measure.name for measure in MEASURES]},
        "As a figure's `opens` says",
        required=True,
    ),
    _query(
        "label",
        {
            "type": "array",
            "items": {"type": "string", "pattern": "^[a-z_]+:", "examples": ["service:etax"]},
        },
        "A label and its code; may be repeated",
    ),
    _query(
        "of",
        {"type": "string", "enum": ["ward", *_LABELS]},
        "What the number counts the different ones of",
    ),
    *QUESTION,
    *PAGE,
]
WORK_LIST = [WARD, *PAGE]
DEVICE = _query(
    "device", {"type": "string", "pattern": "^[a-z0-9-]{2,64}$"}, "The device's id", required=True
)
IF_NONE_MATCH = {
    "name": "If-None-Match",
    "in": "header",
    "required": False,
    "description": "The ETag that is known already",
    "schema": {"type": "string"},
}


def of_report(report: Report) -> list[Parameter]:
    """Those of one report."""
    values = {"type": "string", "enum": [*report.by, *UNITS]}
    by = _query(
        "by",
        {"type": "array", "items": values, "maxItems": 2, "uniqueItems": True},
        "What rows are about: at most one period and one more thing",
    )
    rest = [p for p in QUESTION if p is not WARD]
    ward = {**WARD, "required": report.one_ward}
    return [*rest, ward, by, IF_NONE_MATCH]
