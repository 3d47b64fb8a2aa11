"""A device's own count: the report `devices`, read for one of them."""

from datetime import date

from services.reporting.answers import Tally, TallyDay, TallyTotal
from services.reporting.ask import Ask
from services.reporting.completeness import Completeness
from services.reporting.figures import CellReader
from services.reporting.periods import Period
from services.reporting.report import Number
from services.reporting.reports.numbers import EVENTS_ACCEPTED, EVENTS_CONFLICTING, EVENTS_REJECTED
from services.reporting.table import FigureSource, Reading

NUMBERS: tuple[Number, ...] = (EVENTS_ACCEPTED, EVENTS_REJECTED, EVENTS_CONFLICTING)


async def tally(
    device: str,
    days: Period,
    wards: frozenset[str] | None,
    cells: CellReader,
    facts: FigureSource,
    complete: Completeness,
) -> Tally:
    """By the day on which things happened; days without anything are left out."""
    ask = Ask(days, wards, {"sender": device}, by=("day",))
    found = await Reading(ask, cells, facts).answer(NUMBERS)
    rows = [
        TallyDay(day=date.fromisoformat(day), **{n.name: row.get(n.name, 0) for n in NUMBERS})
        for (day,), row in sorted(found.table.items())
        if any(row.values())
    ]
    total = {n.name: sum(getattr(row, n.name) for row in rows) for n in NUMBERS}
    return Tally(device=device, **complete.fields(), days=rows, total=TallyTotal(**total))
