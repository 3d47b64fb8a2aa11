"""The parameters of the report API as OpenAPI shows them; `query` judges them."""

from collections.abc import Sequence
from typing import Any

from services.reporting.asking.question import UNITS
from services.reporting.definitions.filters import FILTERS, Filter
from services.reporting.definitions.labels import WARD as WARD_LABEL
from services.reporting.definitions.measure import Measure
from services.reporting.definitions.report import Report
from services.reporting.definitions.wards import STANDARD, WardsMode

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


def _filter(given: Filter) -> Parameter:
    codes = given.label.codes
    schema = {"type": "string", "enum": list(codes)} if codes else _ID
    return _query(given.label, schema, given.text)


QUESTION = [
    *PERIOD,
    WARD,
    *map(_filter, FILTERS.values()),
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
WORK_LIST = [WARD, *PAGE]
WORK_LIST_OF_A_WARD = [
    {**WARD, "description": f"{WARD['description']}; who reads one ward alone may leave it out"},
    *PAGE,
]
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


def of_facts(measures: Sequence[Measure]) -> list[Parameter]:
    """Those of what a number counted."""
    names = [measure.name for measure in measures]
    labels = {label for measure in measures for label in measure.tells_apart}
    label = {"type": "string", "pattern": "^[a-z_]+:", "examples": ["service:etax"]}
    return [
        _query(
            "measure",
            {"type": "string", "enum": names},
            "As a figure's `opens` says",
            required=True,
        ),
        _query("label", {"type": "array", "items": label}, "A label and its code; may be repeated"),
        _query(
            "of",
            {"type": "string", "enum": [WARD_LABEL, *sorted(labels)]},
            "What the number counts the different ones of",
        ),
        *QUESTION,
        *PAGE,
    ]


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
