"""Whether the figures are what the facts come to."""

import asyncio
from collections.abc import Iterator, Mapping
from typing import Any

from services.platform.mongo import Session
from services.reporting.difference import Differences, Measures, Month, Sheet
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
    kept: list[tuple[Mapping[Any, Mapping[Any, int]], str]] = [
        (differences.counts, ""),
        (differences.months, ""),
        (differences.members, " member"),
        (differences.member_months, " days of a member"),
    ]
    for sheets, of_whom in kept:
        for place, lines in sheets.items():
            for (measure, labels, *_), amount in lines.items():
                yield f"{_named(place)}: {measure}{list(labels)} lacks {amount:+d}{of_whom}"


def _named(place: Sheet | Month) -> str:
    if isinstance(place, Month):
        return f"{place.ward} {place.month}"
    return f"{place.ward} {place.day} known {place.known}"
