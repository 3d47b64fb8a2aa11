"""One subject's events come through two partitions at one time: no figure is lost or doubled."""

import asyncio
import random
from datetime import date, timedelta
from typing import Any

import pytest

from services.events.citizens import CitizenMerged, ConsentGiven, ConsentWithdrawn
from services.events.envelope import Event
from services.events.signatures import SignatureActivated, SignatureRegistered
from services.events.teams import TeamFormed, TeamMemberJoined
from services.messaging.topology import partition_of
from services.platform.mongo import Client
from services.reporting.projecting.bookkeeping import Bookkeeping
from tests.builders import CHO_LON, SAI_GON, SATURDAY, event, void
from tests.naive import model

PARTITIONS = 4
WARDS = (CHO_LON, SAI_GON)
ALL_DAYS = (date(2020, 1, 1), date(2030, 12, 31))
KINDS: tuple[type[Event], ...] = (
    ConsentGiven,
    ConsentWithdrawn,
    SignatureRegistered,
    SignatureActivated,
    TeamFormed,
    TeamMemberJoined,
)


@pytest.fixture
async def books(client: Client, database_name: str) -> Bookkeeping:
    books = Bookkeeping(client, database_name, PARTITIONS)
    await books.prepare()
    return books


async def test_first_events_of_subjects_in_two_wards_are_judged_together(
    books: Bookkeeping,
) -> None:
    rounds = 15
    told = {ward: [_about(n, ward, random.Random(n)) for n in range(rounds)] for ward in WARDS}

    await asyncio.gather(*(_work(books, ward, told[ward]) for ward in WARDS))

    await _agrees(books, [e for batches in told.values() for batch in batches for e in batch])


async def test_mergers_and_voids_meet_what_they_concern_in_another_partition(
    books: Bookkeeping,
) -> None:
    given = [_consent(n, WARDS[n % 2]) for n in range(24)]
    mergers = [
        event(
            CitizenMerged,
            ward=WARDS[(n + 1) % 2],
            citizen_id=f"citizen-{n}",
            merged_id=f"citizen-{n + 1}",
            at=SATURDAY + timedelta(days=1),
        )
        for n in range(23)
        if n % 4
    ]
    parted = [void(merger) for merger in mergers[::3]]
    told: list[Event] = [*given, *mergers, *parted]
    random.Random(7).shuffle(told)
    by_ward = {ward: [e for e in told if e.ward == ward] for ward in WARDS}

    await asyncio.gather(*(_work(books, ward, _in_threes(by_ward[ward])) for ward in WARDS))

    await _agrees(books, told)


def _about(number: int, ward: str, chosen: random.Random) -> list[Event]:
    """The same few new subjects in each ward, at other hours."""
    batch = []
    for kind in KINDS:
        person = f"citizen-{number}-{chosen.randrange(2)}"
        subject = f"team-{number}" if kind in (TeamFormed, TeamMemberJoined) else person
        ids: dict[str, Any] = {} if subject.startswith("team") else {"citizen_id": person}
        at = SATURDAY + timedelta(minutes=chosen.randrange(2_000) + WARDS.index(ward))
        batch.append(event(kind, ward=ward, subject=subject, at=at, **ids))
    return batch


def _consent(number: int, ward: str) -> Event:
    at = SATURDAY + timedelta(minutes=number)
    return event(ConsentGiven, ward=ward, citizen_id=f"citizen-{number}", at=at)


def _in_threes(events: list[Event]) -> list[list[Event]]:
    return [events[n : n + 3] for n in range(0, len(events), 3)]


async def _work(books: Bookkeeping, ward: str, batches: list[list[Event]]) -> None:
    """As the worker of the ward's partition does: one batch after the other."""
    for batch in batches:
        await books.projection.project(partition_of(ward, PARTITIONS), batch)


async def _agrees(books: Bookkeeping, told: list[Event]) -> None:
    assert len({partition_of(ward, PARTITIONS) for ward in WARDS}) == 2
    counts = [m for m in books.measures.by_name.values() if not m.members]
    found = await books.cells.read(counts, wards=None, days=ALL_DAYS)
    assert found == model.figures(told, [m.name for m in counts], ALL_DAYS[1])
    assert [ward async for ward, difference in books.verify() if difference] == []
