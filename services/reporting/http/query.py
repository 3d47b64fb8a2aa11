"""From a request's parameters to a question; every one that is wrong has its own problem."""

import re
from collections.abc import Collection, Mapping, Sequence
from datetime import date
from enum import StrEnum
from typing import TypeVar

from starlette.datastructures import QueryParams

from services.platform.access.auth import Reader
from services.platform.problems import FORBIDDEN, Problem
from services.platform.vietnam.wards import RECORDS_BEGIN
from services.reporting import problems
from services.reporting.asking.periods import Period, Unit
from services.reporting.asking.question import UNITS, Question
from services.reporting.definitions.filters import FILTERS, Filter
from services.reporting.definitions.label import Label
from services.reporting.definitions.measure import Measure
from services.reporting.definitions.report import Report
from services.reporting.definitions.wards import (
    STANDARD,
    WardsMode,
    gathered_under,
    shown_as,
    todays_keys,
    unit_of,
    unit_on,
)
from services.reporting.stores.fact_store import UNKNOWN

QUESTION = ("from", "to", "ward", *FILTERS, "known_by", "wards")
MOST_ROWS = 12_000
RECORDS_END = date(2099, 12, 31)
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_ID = re.compile(r"[a-z][a-z0-9-]{1,63}")
_NOWHERE = re.compile(rf"\d{{2,5}}@{UNKNOWN}")
_MOST_GROUPS = 2
S = TypeVar("S", bound=StrEnum)


def question(params: QueryParams, reader: Reader, today: date) -> Question:
    """The question without its grouping. Raises: Problem."""
    first = _day(params, "from") or RECORDS_BEGIN
    last = _day(params, "to") or max(today, first)
    if first > last:
        raise Problem(problems.PERIOD_REVERSED, "/query/from")
    mode = choice(params, "wards", WardsMode, STANDARD)
    return Question(
        days=Period(_within_records(first), _within_records(last)),
        wards=_wards(params, reader, mode),
        filters={n: code for n, offered in FILTERS.items() if (code := _filter(params, offered))},
        known_by=_day(params, "known_by"),
        mode=mode,
    )


def may_open(reader: Reader, ward: str) -> bool:
    """Whether a reader may open the records of a ward (key): its own, or one that went into it."""
    return any(reader.may_read(key.partition("@")[0]) for key in (ward, unit_on(ward, date.max)))


def grouped(params: QueryParams, report: Report) -> tuple[Label, ...]:
    """What rows are grouped by, in the order asked for. Raises: Problem."""
    values = params.getlist("by")
    if not values:
        return report.default_by
    names = tuple(name for value in values for name in value.split(",") if name)
    known = {str(label): label for label in (*UNITS, *report.by)}
    units = [name for name in names if name in UNITS]
    if (
        not known.keys() >= set(names)
        or len(units) > 1
        or len(set(names)) < len(names)
        or len(names) > _MOST_GROUPS
    ):
        raise Problem(problems.NOT_GROUPED_SO, "/query/by")
    return tuple(known[name] for name in names)


def no_others(params: QueryParams, allowed: Collection[str], many: Collection[str] = ()) -> None:
    """Raises: Problem for a parameter nobody reads: a mistyped filter would give wrong figures."""
    for name in params:
        if name not in allowed or (name not in many and len(params.getlist(name)) > 1):
            raise Problem(problems.UNKNOWN_PARAMETER, "/query")


def narrow_enough(question: Question, rows_beside: int) -> None:
    """Raises: Problem where the rows would be too many to be read."""
    if question.unit is None:
        return
    length = (question.days.last - question.days.first).days + 1
    shortest = {Unit.DAY: 1, Unit.WEEK: 7}.get(question.unit, 28)
    if length / shortest * rows_beside > MOST_ROWS:
        raise Problem(problems.PERIOD_TOO_WIDE, "/query/from")


def rows_of_wards(question: Question) -> int:
    """How many rows the wards alone make."""
    if "ward" not in question.by:
        return 1
    return len(todays_keys()) if question.wards is None else len(question.wards)


def choice(params: QueryParams, name: str, among: type[S], otherwise: S) -> S:
    """Raises: Problem."""
    value = params.get(name)
    if value is None:
        return otherwise
    try:
        return among(value)
    except ValueError as error:
        raise Problem(problems.INVALID_CHOICE, f"/query/{name}") from error


def labels_of(values: Sequence[str], measure: Measure) -> Mapping[Label, str]:
    """Labels of a measure as `label=service:etax` gives them. Raises: Problem."""
    labels: dict[Label, str] = {}
    for value in values:
        name, colon, code = value.partition(":")
        label = next((label for label in measure.labels if label == name), None)
        if not colon or label is None or label in labels or not label.knows(code):
            raise Problem(problems.UNKNOWN_CODE, "/query/label")
        labels[label] = code
    return labels


def number(params: QueryParams, name: str, least: int, most: int, otherwise: int) -> int:
    """Raises: Problem."""
    value = params.get(name)
    if value is None:
        return otherwise
    if not re.fullmatch(r"[0-9]{1,6}", value) or not least <= int(value) <= most:
        raise Problem(problems.INVALID_CHOICE, f"/query/{name}")
    return int(value)


def _day(params: QueryParams, name: str) -> date | None:
    value = params.get(name)
    if value is None:
        return None
    try:
        day = date.fromisoformat(value) if _DAY.fullmatch(value) else None
    except ValueError:
        day = None
    if day is None:
        raise Problem(problems.INVALID_DATE, f"/query/{name}")
    return day


def _within_records(day: date) -> date:
    """There is nothing before or after."""
    return min(max(day, RECORDS_BEGIN), RECORDS_END)


def _wards(params: QueryParams, reader: Reader, mode: WardsMode) -> frozenset[str] | None:
    """Where nothing is asked for, a reader sees what it may see; always whole units, as they are
    shown, so that a row counts what its name says."""
    if (text := params.get("ward")) is not None:
        shown = shown_as(_ward_key(text), mode)
        reader.require(_code(shown))
        return gathered_under(shown, mode)
    if reader.wards is None:
        return None
    if not reader.wards:
        raise Problem(FORBIDDEN)
    units = [unit for code in reader.wards if (unit := unit_of(code))]
    whole = {shown for unit in units if reader.may_read(_code(shown := shown_as(unit.key, mode)))}
    return frozenset(key for shown in whole for key in gathered_under(shown, mode))


def _code(key: str) -> str:
    return key.partition("@")[0]


def _ward_key(text: str) -> str:
    """Also that of a code which the directory does not know: its facts are not hidden."""
    if _NOWHERE.fullmatch(text):
        return text
    if (unit := unit_of(text)) is None:
        raise Problem(problems.UNKNOWN_WARD, "/query/ward")
    return unit.key


def _filter(params: QueryParams, asked_for: Filter) -> str | None:
    name = asked_for.label
    code = params.get(name)
    if code is None:
        return None
    if not name.knows(code) or not _ID.fullmatch(code.replace("_", "-")):
        raise Problem(problems.UNKNOWN_CODE, f"/query/{name}")
    return code
