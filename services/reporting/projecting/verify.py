"""Whether the figures are what the facts come to."""

import asyncio
from collections.abc import Iterator, Mapping
from typing import Any

from services.platform.mongo import Session
from services.reporting.counting.difference import DayDocument, Differences, Month
from services.reporting.counting.judging import Measures
from services.reporting.counting.keys import Key
from services.reporting.definitions.measure import Fact
from services.reporting.definitions.wards import WardsMode, gathered_under, shown_as
from services.reporting.projecting.projection import CellStore, FactStore
from services.reporting.stores.histories import in_batches, whole


async def missing(
    ward: str, measures: Measures, facts: FactStore, cells: CellStore, session: Session | None
) -> Differences:
    """What would have to be added to a ward's figures; empty where they are right.

    Facts and figures are read as the session sees them: give one with a snapshot.
    """
    found = [fact async for fact in facts.of_ward(ward, session)]
    told = await _told_of_lives(ward, measures, facts, session)
    comes_to = await asyncio.to_thread(measures.whole, ward, found, told)
    members = {member for lines in comes_to.members.values() for _, _, member in lines}
    return comes_to.minus(await cells.stored(ward, members, session))


async def _told_of_lives(
    ward: str, measures: Measures, facts: FactStore, session: Session | None
) -> list[Fact]:
    """All facts of subjects that may count in a ward.

    A home is where one of the subject's facts was recorded, or what that unit went into.
    """
    keys: set[Key] = set()
    for unit in gathered_under(ward, WardsMode.TODAY):
        async for fact in facts.of_ward(unit, session, measures.of_lives):
            keys |= measures.keys_of_lives(fact)
    told: dict[str, Fact] = {}
    for some in in_batches(keys):
        for key, history in (await whole(facts, some, session)).items():
            told |= {fact.id: fact for fact in history if key.holds(fact)}
    return list(told.values())


async def wards_of(facts: FactStore, cells: CellStore) -> list[str]:
    """All wards, by key, of which there is anything, and what those with facts became."""
    recorded = await facts.wards()
    became = {shown_as(ward, WardsMode.TODAY) for ward in recorded}
    return sorted({*recorded, *became, *await cells.wards()})


def sentences(differences: Differences) -> Iterator[str]:
    """One line for each difference; a member stays unnamed."""
    kept: list[tuple[Mapping[Any, Mapping[Any, int]], str]] = [
        (differences.counts, ""),
        (differences.months, ""),
        (differences.members, " member"),
        (differences.member_months, " days of a member"),
    ]
    for documents, of_whom in kept:
        for place, lines in documents.items():
            for (measure, codes, *_), amount in lines.items():
                yield f"{_named(place)}: {measure}{list(codes)} lacks {amount:+d}{of_whom}"


def _named(place: DayDocument | Month) -> str:
    if isinstance(place, Month):
        return f"{place.ward} {place.month}"
    return f"{place.ward} {place.day} known {place.known}"
