"""The logs against the facts, by id: what is missing, what is on its way, what is too much."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.events.answers import AssistanceConfirmed
from services.events.assistance import CitizenAssisted
from services.events.envelope import Event
from services.messaging.log.completeness import NOTIFY, REGISTRATION, Tally
from services.messaging.log.entry import Entry as LogEntry
from services.messaging.log.store import MongoEventLog
from services.messaging.topology import partition_of, partition_queue
from services.platform.mongo import Client, Database
from services.reporting import metrics
from services.reporting.log_check.check import LogCheck
from services.reporting.log_check.log_store import Log, ProjectedEvents
from services.reporting.log_check.result_store import Found, Kind, Records, Result
from services.reporting.log_check.shown import Shown
from services.reporting.log_check.windows import Entry, windows
from services.reporting.projecting.bookkeeping import Bookkeeping
from services.reporting.settings import ReportingSettings
from services.reporting.stores.aside_store import buried_of
from tests.builders import CHO_LON, HOA_HUNG, an_event_id, event, void
from tests.eventually import eventually
from tests.messaging.test_consumer import gauge
from tests.reporting.aside_contract import leaving
from tests.reporting.test_service import PARTITIONS as PARTITIONS_OF_SERVICE
from tests.reporting.test_service import books as books_of_service
from tests.reporting.test_service import command, heartbeat, publish, quiet, serving, settings
from tests.twins.broker import BrokerTwin

__all__ = ["books_of_service", "settings"]
PARTITIONS = 4
NOW = datetime(2025, 11, 30, 5, 0, tzinfo=UTC)


@dataclass
class Sides:
    """Two logs and the facts, each in a database of its own."""

    registration: Database
    notify: Database
    books: Bookkeeping

    async def append(self, *events: Event, published: bool = True, held: bool = False) -> None:
        """To the log of whoever records such events."""
        for one in events:
            database = self.notify if one.source == "/notify" else self.registration
            log = MongoEventLog(database, partitions=PARTITIONS)
            await log.append(LogEntry(one, payload_hash=b"", published=not held))
            if published:
                await database["events"].update_one({"_id": one.id}, {"$unset": {"pending": ""}})

    async def project(self, *events: Event) -> None:
        """Each in its own partition."""
        for one in events:
            await self.books.projection.project(partition_of(one.ward, PARTITIONS), [one])

    @property
    def logs(self) -> list[Log]:
        return [
            Log(REGISTRATION, self.registration, PARTITIONS),
            Log(NOTIFY, self.notify, PARTITIONS),
        ]

    @property
    def records(self) -> Records:
        return Records(self.books.database)

    def check(self, patience_s: float = 0.0, chunk: int = 3) -> LogCheck:
        kept = ProjectedEvents(self.books.database)
        return LogCheck(
            self.logs,
            kept,
            self.records,
            patience_s=patience_s,
            chunk=chunk,
            clock=lambda: NOW,
        )

    async def found(self) -> list[Found]:
        return [
            one
            for kind in Kind
            for name in (REGISTRATION, NOTIFY)
            async for found in self.records.found(kind, name)
            for one in found
        ]


@pytest.fixture
async def sides(client: Client, database_name: str) -> Sides:
    books = Bookkeeping(client, database_name, PARTITIONS)
    await books.prepare()
    return Sides(client[f"{database_name}_r"], client[f"{database_name}_n"], books)


def visits(number: int, ward: str = CHO_LON) -> list[Event]:
    return [event(CitizenAssisted, ward=ward) for _ in range(number)]


def answers(number: int) -> list[Event]:
    return [event(AssistanceConfirmed) for _ in range(number)]


async def test_facts_that_are_just_what_the_logs_hold_lack_nothing(sides: Sides) -> None:
    told = [*visits(10), *answers(4), *visits(3, HOA_HUNG)]
    await sides.append(*told)
    await sides.project(*told)

    result = await sides.check().run()

    none = {REGISTRATION: 0, NOTIFY: 0}
    assert result == Result(NOW, {REGISTRATION: 13, NOTIFY: 4}, none, none, none)
    assert result.is_complete
    assert await sides.records.last() == result


async def test_event_that_is_missing_is_named_with_its_log_and_ward(sides: Sides) -> None:
    told, lost, unheard = visits(7), visits(1, HOA_HUNG)[0], answers(1)[0]
    await sides.append(*told[:4], lost, *told[4:], unheard)
    await sides.project(*told)

    result = await sides.check().run()

    assert await sides.found() == [
        Found(lost.id, Kind.MISSING, REGISTRATION, HOA_HUNG),
        Found(unheard.id, Kind.MISSING, NOTIFY, unheard.ward),
    ]
    assert (result.missing, result.is_complete) == ({REGISTRATION: 1, NOTIFY: 1}, False)


async def test_fact_that_no_log_has_is_named(sides: Sides) -> None:
    told, strange = visits(5), visits(1)[0]
    await sides.append(*told)
    await sides.project(*told, strange)

    result = await sides.check().run()

    assert [(one.id, one.kind) for one in await sides.found()] == [(strange.id, Kind.EXTRA)]
    assert (result.extra[REGISTRATION], result.is_complete) == (1, False)


async def test_what_waits_to_be_sent_is_held_or_owed_is_not_missing(sides: Sides) -> None:
    [voided, owed] = visits(2)
    await sides.append(*visits(3), published=False)
    await sides.append(void(voided), held=True)
    await sides.append(void(voided), held=True)
    await sides.append(owed)
    refused, reader = {"held": True}, partition_queue(partition_of(owed.ward, PARTITIONS))
    await sides.registration["events"].update_one(refused, {"$set": {"refused": True}})
    await sides.registration["events"].update_one({"_id": owed.id}, {"$set": {"owed": [reader]}})

    result = await sides.check().run()

    assert result.compared[REGISTRATION] == 6
    assert result.is_complete


async def test_what_notify_alone_is_owed_is_missing_here_all_the_same(sides: Sides) -> None:
    [lost] = visits(1)
    await sides.append(lost)
    await sides.registration["events"].update_one(
        {"_id": lost.id}, {"$set": {"owed": ["notify.events"]}}
    )

    assert (await sides.check().run()).missing[REGISTRATION] == 1


async def test_void_that_waits_for_its_target_is_compared_and_its_target_is_missing(
    sides: Sides,
) -> None:
    [target] = visits(1)
    await sides.append(target, void(target))
    await sides.project(void(target))

    result = await sides.check().run()

    assert {one.id for one in await sides.found() if one.kind is Kind.MISSING} >= {target.id}
    assert result.compared[REGISTRATION] == 2


async def test_what_is_on_its_way_is_waited_for(sides: Sides) -> None:
    told, late = visits(5), visits(2)
    await sides.append(*told, *late)
    await sides.project(*told)

    class OnItsWay(ProjectedEvents):
        async def has(self, event_ids: object) -> set[str]:
            await sides.project(*late)
            return await super().has(event_ids)  # type: ignore[arg-type]

    check = LogCheck(sides.logs, OnItsWay(sides.books.database), sides.records, patience_s=0.0)

    assert (await check.run()).is_complete


async def test_event_that_was_buried_or_left_is_not_missing(sides: Sides) -> None:
    buried, left = visits(2)
    await sides.append(buried, left)
    named = {"id": buried.id, "ward": CHO_LON, "type": buried.type, "source": buried.source}
    await sides.books.aside.bury(buried_of([named], "not_handled", NOW), None)
    await sides.books.aside.leave([leaving(left.id)], None)

    result = await sides.check().run()

    assert (result.missing[REGISTRATION], result.set_aside[REGISTRATION]) == (0, 1)
    assert result.is_complete


async def test_comparison_that_was_ended_goes_on_where_it_was(sides: Sides) -> None:
    told = visits(20)
    await sides.append(*told)
    await sides.project(*(one for n, one in enumerate(told) if n not in (2, 18)))
    read: list[str] = []

    @dataclass(frozen=True)
    class Ending(Log):
        places: list[str] = field(default_factory=list)

        async def read(self, after: str, limit: int) -> Sequence[Entry]:
            self.places.append(after)
            if len(self.places) == 4:
                raise ConnectionError
            return await super().read(after, limit)

    kept = ProjectedEvents(sides.books.database)
    ending = LogCheck(
        [Ending(REGISTRATION, sides.registration, PARTITIONS, read)],
        kept,
        sides.records,
        patience_s=0.0,
        chunk=3,
    )
    with pytest.raises(ConnectionError):
        await ending.run()
    ended_at = read[-1]

    result = await ending.run()

    assert read[4] >= told[2].id
    assert ended_at > read[0]
    assert result.compared == {REGISTRATION: 20}
    assert sorted(one.id for one in await sides.found()) == [told[2].id, told[18].id]


async def test_fresh_comparison_begins_anew_and_forgets_what_was_found(sides: Sides) -> None:
    [lost] = visits(1)
    await sides.append(lost)
    await sides.check().run()

    await sides.project(lost)
    result = await sides.check().run(fresh=True)

    assert result.is_complete
    assert await sides.found() == []


async def test_missing_events_are_sent_to_reporting_once_more(sides: Sides) -> None:
    told, lost = visits(3), [*visits(2), *answers(1)]
    await sides.append(*told, *lost)
    await sides.project(*told)
    broker, check = BrokerTwin(), sides.check()
    await check.run()

    assert await check.publish_missing(broker, PARTITIONS) == 3

    sent = {
        element["id"]: delivery.app_id
        for n in range(PARTITIONS)
        for delivery in broker.queues[partition_queue(n)].ready
        for element in orjson.loads(delivery.body)
    }
    assert sent == {
        lost[0].id: REGISTRATION,
        lost[1].id: REGISTRATION,
        lost[2].id: NOTIFY,
    }
    assert not broker.queues["notify.events"].ready


async def test_last_comparison_is_shown_with_its_age(sides: Sides) -> None:
    shown = Shown(sides.records, clock=lambda: NOW)
    await shown.show()
    never = gauge("reporting_log_check_age_seconds")

    await sides.append(*visits(2))
    await sides.check().run()
    await shown.show()

    assert never is not None
    assert math.isnan(never)
    assert gauge("reporting_log_check_age_seconds") == 0
    assert gauge("reporting_log_check_missing", log=REGISTRATION) == 2
    assert gauge("reporting_log_check_missing", log=NOTIFY) == 0
    metrics.LOG_CHECK_AGE.set(0)


@given(st.lists(st.sets(st.integers(0, 40)), min_size=1, max_size=3), st.integers(1, 6))
async def test_windows_hold_each_id_of_each_side_once_and_side_by_side(
    sides_: list[set[int]], chunk: int
) -> None:
    sorted_ = [[Entry(f"{n:02}", "", "") for n in sorted(side)] for side in sides_]

    def read(entries: list[Entry]) -> object:
        async def some(after: str, limit: int) -> list[Entry]:
            return [entry for entry in entries if entry.id > after][:limit]

        return some

    got: list[list[Entry]] = [[] for _ in sorted_]
    before = ""
    async for window in windows([read(side) for side in sorted_], "", chunk):  # type: ignore[misc]
        for side, taken in zip(got, window.sides, strict=True):
            side.extend(taken)
            assert all(before < entry.id for entry in taken)
            assert all(window.until is None or entry.id <= window.until for entry in taken)
        before = window.until or before

    assert got == sorted_


async def test_operator_compares_publishes_and_mends(
    settings: ReportingSettings, books_of_service: Bookkeeping, client: Client, database_name: str
) -> None:
    books, log_name = books_of_service, f"{database_name}_r"
    told = settings.model_copy(
        update={
            "registration_log_mongo_url": settings.mongo_url,
            "registration_log_database": log_name,
        }
    )
    log = MongoEventLog(client[log_name], partitions=PARTITIONS_OF_SERVICE)
    events = visits(6)
    await log.append_all([LogEntry(one, payload_hash=b"") for one in events])
    await client[log_name]["events"].update_many({}, {"$unset": {"pending": ""}})
    await books.prepare()
    here = partition_of(CHO_LON, PARTITIONS_OF_SERVICE)
    await books.projection.project(here, events[:5])

    async with serving(settings):
        code, said = await command(told, "verify", "--against-log", "--publish")
        assert (code, f"{REGISTRATION}  missing  {CHO_LON}  {events[5].id}" in said) == (1, True)
        assert said.endswith("1 events published once more to reporting\n")
        await eventually(lambda: _is_complete(told))

        await _spoil(books, here)
        await publish(settings, *quiet(NOW), heartbeat(here, NOW, *events))
        await publish(settings, heartbeat(1 - here, NOW))
        await eventually(lambda: _has_gap(books, here))
        client_progress = client[settings.mongo_database]["progress"]
        long_ago = {"logs.registration.gap.since": datetime(2025, 1, 1, tzinfo=UTC)}
        await client_progress.update_one({"_id": here}, {"$set": long_ago})
        code, said = await command(told, "verify", "--against-log")
        assert (code, f"partition {here} is counted again" in said) == (0, True)
        await publish(settings, heartbeat(here, NOW, *events))
        await eventually(lambda: _reaches(books))


async def _spoil(books: Bookkeeping, partition: int) -> None:
    """A tally that is none of the facts'."""
    await books.progress.count(partition, {REGISTRATION: Tally().plus([an_event_id()])}, None)


async def _has_gap(books: Bookkeeping, partition: int) -> bool:
    return (await books.progress.all())[partition].standing[REGISTRATION].gap is not None


async def _reaches(books: Bookkeeping) -> bool:
    return (await books.completeness()).true_as_of == NOW


async def _is_complete(settings: ReportingSettings) -> bool:
    return (await command(settings, "verify", "--against-log"))[0] == 0
