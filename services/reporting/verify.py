"""Whether the figures are what the facts come to."""

import asyncio
from collections.abc import Iterator

from services.platform.mongo import Session
from services.reporting.difference import Differences, Measures, Sheet
from services.reporting.projection import CellStore, FactStore


async def missing(
    ward: str, measures: Measures, facts: FactStore, cells: CellStore, session: Session | None
) -> Differences:
    """What would have to be added to a ward's figures; empty where they are right.

    Facts and figures are read as the session sees them: give one with a snapshot.
    """
    found = [fact async for fact in facts.of_ward(ward, session)]
    whole = await asyncio.to_thread(measures.whole, found)
    members = {member for lines in whole.members.values() for _, _, member in lines}
    return whole.minus(await cells.stored(ward, members, session))


def sentences(differences: Differences) -> Iterator[str]:
    """One line for each difference; a member stays unnamed."""
    for sheet, lines in differences.counts.items():
        for (measure, labels), amount in lines.items():
            yield _sentence(_place(sheet), measure, labels, amount)
    for month, sums in differences.months.items():
        for (measure, labels), amount in sums.items():
            yield _sentence(f"{month.ward} {month.month}", measure, labels, amount)
    for sheet, joined in differences.members.items():
        for (measure, labels, _), amount in joined.items():
            yield _sentence(_place(sheet), measure, labels, amount) + " member"


def _place(sheet: Sheet) -> str:
    return f"{sheet.ward} {sheet.day} known {sheet.known}"


def _sentence(where: str, measure: str, labels: tuple[str, ...], amount: int) -> str:
    return f"{where}: {measure}{list(labels)} lacks {amount:+d}"
