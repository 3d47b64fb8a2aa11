"""A device's own count: the report `devices`, read for one of them."""

from datetime import date

from services.reporting.asking.answers import Tally, TallyDay, TallyTotal
from services.reporting.asking.periods import Period, Unit
from services.reporting.asking.question import Question
from services.reporting.asking.table import FigureSource, NumberReader
from services.reporting.definitions.label import Label
from services.reporting.definitions.number import Number
from services.reporting.measures.posts import SENDER
from services.reporting.projecting.completeness import Completeness
from services.reporting.reports.numbers import EVENTS_ACCEPTED, EVENTS_REFUSED
from services.reporting.stores.figures import CellReader

NUMBERS: tuple[Number, ...] = (EVENTS_ACCEPTED, *EVENTS_REFUSED)


async def tally(
    device: str,
    days: Period,
    wards: frozenset[str] | None,
    cells: CellReader,
    facts: FigureSource,
    complete: Completeness,
) -> Tally:
    """By the day on which things happened; days without anything are left out."""
    question = Question(days, wards, {SENDER: device}, by=(Label(Unit.DAY),))
    found = await NumberReader(question, cells, facts).answer(NUMBERS)
    rows = [
        TallyDay(day=date.fromisoformat(day), **{n.name: row.get(n.name, 0) for n in NUMBERS})
        for (day,), row in sorted(found.table.items())
        if any(row.values())
    ]
    total = {n.name: sum(getattr(row, n.name) for row in rows) for n in NUMBERS}
    return Tally(device=device, **complete.fields(), days=rows, total=TallyTotal(**total))
