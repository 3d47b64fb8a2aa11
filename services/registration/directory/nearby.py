"""What a ward has at present, for a phone to choose from: neighbourhoods, teams, points."""

from collections.abc import AsyncIterator, Iterable, Mapping
from datetime import date
from types import GenericAlias
from typing import Any

from pydantic import BaseModel, create_model

from services.platform.vietnam.vietnamese import sort_key
from services.platform.vietnam.wards import Ward, predecessors, ward_at
from services.registration.directory.views import WardView, ward_view
from services.registration.subjects.belonging import Local
from services.registration.subjects.reading import shown
from services.registration.subjects.rows import Row, Rows
from services.registration.subjects.subject import Choice, Decided

PAGE = 500


def model_of(choosable: Iterable[Decided[Any]]) -> type[BaseModel]:
    """A list of each kind, by its plural."""
    lists: dict[str, Any] = {
        subject.kind.plural: (GenericAlias(list, subject.choice), ...) for subject in choosable
    }
    doc = "What lies in a ward, or in one that went into it; each list in Vietnamese order."
    return create_model("Nearby", __doc__=doc, ward=(WardView, ...), **lists)


async def nearby(
    rows: Rows, choosable: Iterable[Decided[Any]], ward: Ward, day: date
) -> Mapping[str, object]:
    """All that may be chosen in a ward on a day."""
    lists = {s.kind.plural: await _choices(rows, s, ward, day) for s in choosable}
    return {"ward": ward_view(ward), **lists}


async def _choices(rows: Rows, subject: Decided[Any], ward: Ward, day: date) -> list[Choice]:
    if subject.choice is None:
        return []
    found = {row.id: row async for row in _rows_of(rows, subject.kind, ward)}
    lasting = (row for row in found.values() if _lasts(subject.last_day(row.state), day))
    choices = [shown(row, subject.choice) for row in lasting]
    return sorted(choices, key=lambda choice: (sort_key(choice.name), choice.id))


def _lasts(last_day: date | None, day: date) -> bool:
    return last_day is None or day <= last_day


async def _rows_of(rows: Rows, kind: str, ward: Ward) -> AsyncIterator[Row]:
    """A row is found under the code that its last event named: this ward's or an older one's."""
    units = {ward, *(before.ward for before in predecessors(ward))}
    for code in sorted({unit.code for unit in units}):
        async for row in _all_of(rows, kind, code):
            if _unit_of(row) in units:
                yield row


async def _all_of(rows: Rows, kind: str, code: str) -> AsyncIterator[Row]:
    after, more = "", True
    while more:
        page = await rows.list(kind, code, after, PAGE)
        for row in page:
            yield row
        more = len(page) == PAGE
        after = page[-1].id if page else after


def _unit_of(row: Row) -> Ward | None:
    """The unit it was first recorded in."""
    local = Local.model_validate(row.state)
    return ward_at(local.ward, local.since)
