"""The store of decided events: one suite on the twin and on MongoDB."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import date, timedelta

import pytest

from services.events.envelope import Event
from services.events.organisations import OrganisationRegistered
from services.events.service_points import ServicePointClosed, ServicePointOpened
from services.events.teams import TeamDisbanded, TeamFormed, TeamMemberJoined
from services.messaging.entry import Appended, Entry
from services.messaging.event_log import EventLog, MongoEventLog
from services.platform.mongo import connect
from services.registration.intake.rows import MongoRows, Rows
from services.registration.intake.store import MongoStore, Store
from services.registration.intake.subject import Accepts, Refusal, Role, Subject
from services.registration.organisations.rules import ORGANISATION
from services.registration.service_points.rules import SERVICE_POINT
from services.registration.teams.rules import TEAM, TEAM_DISBANDED
from tests.builders import SATURDAY, event, void
from tests.twins.event_log import EventLogTwin
from tests.twins.rows import RowsTwin, StoreTwin

AN_HOUR = timedelta(hours=1)


@dataclass
class Office:
    """A store with the log and rows that it writes."""

    store: Store
    log: EventLog
    rows: Rows

    async def record(self, *events: Event) -> list[Appended]:
        entries = [Entry(e, payload_hash=e.id.encode(), decided=True) for e in events]
        return [await self.store.record(TEAM, entry) for entry in entries]


def formed(team: str = "team-1") -> TeamFormed:
    return event(TeamFormed, subject=team)


def joined(member: str, hours: int = 1, team: str = "team-1") -> TeamMemberJoined:
    return event(TeamMemberJoined, subject=team, at=SATURDAY + hours * AN_HOUR, member_id=member)


def disbanded(hours: int, team: str = "team-1") -> TeamDisbanded:
    return event(TeamDisbanded, subject=team, at=SATURDAY + hours * AN_HOUR)


class StoreContract:
    """Subclasses give the fixture `office`."""

    async def test_row_is_the_fold_of_its_history(self, office: Office) -> None:
        answers = await office.record(formed(), joined("member-1"), joined("member-2"))

        row = await office.rows.get("team", "team-1")
        assert answers == [Appended.ACCEPTED] * 3
        assert row
        assert [m["member_id"] for m in row.state["members"]] == ["member-1", "member-2"]

    async def test_refused_event_leaves_neither_entry_nor_row(self, office: Office) -> None:
        late = joined("member-1", hours=2)
        await office.record(formed(), disbanded(1))

        with pytest.raises(Refusal) as refusal:
            await office.record(late)

        row = await office.rows.get("team", "team-1")
        assert refusal.value.kind is TEAM_DISBANDED
        assert await office.log.find(late.id) is None
        assert row
        assert row.state["members"] == []

    async def test_late_event_that_takes_the_ground_from_a_later_one_is_refused(
        self, office: Office
    ) -> None:
        await office.record(formed(), joined("member-1", hours=3))

        with pytest.raises(Refusal):
            await office.record(disbanded(2))

    async def test_same_event_again_is_a_duplicate_before_any_rule(self, office: Office) -> None:
        team = formed()

        assert await office.record(team, team) == [Appended.ACCEPTED, Appended.DUPLICATE]

    async def test_same_id_with_other_content_is_a_conflict(self, office: Office) -> None:
        team = formed()
        await office.record(team)

        answer = await office.store.record(TEAM, Entry(team, b"other", decided=True))

        assert answer is Appended.CONFLICT

    async def test_refused_event_that_comes_twice_at_once_is_refused_twice(
        self, office: Office
    ) -> None:
        late = joined("member-1", hours=2)
        await office.record(formed(), disbanded(1))

        answers = await asyncio.gather(
            office.record(late), office.record(late), return_exceptions=True
        )

        assert [type(answer) for answer in answers] == [Refusal, Refusal]
        assert await office.log.find(late.id) is None

    async def test_same_id_twice_at_once_is_accepted_once(self, office: Office) -> None:
        team = formed()
        entries = [Entry(team, by, decided=True) for by in (b"first", b"first", b"other")]

        answers = await asyncio.gather(*(office.store.record(TEAM, entry) for entry in entries))

        assert answers == [Appended.ACCEPTED, Appended.DUPLICATE, Appended.CONFLICT]

    async def test_those_decided_together_are_decided_in_their_order(self, office: Office) -> None:
        events = [formed(), joined("member-1"), disbanded(3), joined("member-2", hours=4)]

        answers = await asyncio.gather(*map(office.record, events), return_exceptions=True)

        row = await office.rows.get("team", "team-1")
        assert answers[:3] == [[Appended.ACCEPTED]] * 3
        assert isinstance(answers[3], Refusal)
        assert row
        assert [m["member_id"] for m in row.state["members"]] == ["member-1"]

    async def test_void_folds_the_row_again(self, office: Office) -> None:
        first, member = formed(), joined("member-1")
        await office.record(first, member, void(member))

        row = await office.rows.get("team", "team-1")

        assert row
        assert row.state["members"] == []

    async def test_void_of_all_leaves_no_row(self, office: Office) -> None:
        first = formed()
        await office.record(first, void(first))

        assert await office.rows.get("team", "team-1") is None

    async def test_dry_run_judges_and_writes_nothing(self, office: Office) -> None:
        await office.record(formed(), disbanded(1))

        with pytest.raises(Refusal):
            await office.store.dry_run(TEAM, joined("member-1", hours=2))
        await office.store.dry_run(TEAM, formed("team-2"))

        assert await office.rows.get("team", "team-2") is None

    async def test_rows_are_listed_by_ward_and_paged_by_id(self, office: Office) -> None:
        await office.record(*(formed(f"team-{n}") for n in (3, 1, 2)))

        first = await office.rows.list("team", "27343", limit=2)
        rest = await office.rows.list("team", "27343", after=first[-1].id)

        assert [row.id for row in (*first, *rest)] == ["team-1", "team-2", "team-3"]
        assert await office.rows.list("team", "27163") == []

    async def test_what_exists_is_told_from_what_does_not(self, office: Office) -> None:
        await office.record(formed())

        known = await office.rows.ends([("team", "team-1"), ("organisation", "team-1")])

        assert known == {("team", "team-1"): None}

    async def test_what_has_ended_is_known_with_its_last_day(self, office: Office) -> None:
        abolished = event(OrganisationRegistered, subject="quan-1", valid_to="2025-06-30")
        await office.store.record(ORGANISATION, Entry(abolished, b"hash", decided=True))

        known = await office.rows.ends([("organisation", "quan-1")])

        assert known == {("organisation", "quan-1"): date(2025, 6, 30)}

    async def test_a_point_that_closed_is_known_with_the_day_it_closed(
        self, office: Office
    ) -> None:
        opened = event(ServicePointOpened)
        closed = event(ServicePointClosed, at=opened.time + timedelta(days=1))
        for told in (opened, closed):
            await office.store.record(SERVICE_POINT, Entry(told, b"hash", decided=True))

        known = await office.rows.ends([("service_point", "point-1")])

        assert known == {("service_point", "point-1"): date(2025, 10, 12)}


class TestTwin(StoreContract):
    @pytest.fixture
    def office(self) -> Office:
        log, rows = EventLogTwin(), RowsTwin()
        return Office(StoreTwin(log, rows), log, rows)


class TestMongo(StoreContract):
    @pytest.fixture
    async def office(self, mongo_url: str, database_name: str) -> AsyncIterator[Office]:
        client = connect(mongo_url)
        log = MongoEventLog(client[database_name], partitions=4)
        rows = MongoRows(client[database_name]["subjects"])
        await log.ensure_indexes()
        await rows.ensure_indexes()
        yield Office(MongoStore(client, client[database_name]["subjects"], log), log, rows)
        client.close()

    async def test_eight_writers_together_never_pass_a_limit(self, office: Office) -> None:
        at_most_five = _team_of_at_most(5)
        team = formed()
        await office.store.record(at_most_five, Entry(team, b"", decided=True))

        async def join(n: int) -> bool:
            member = event(
                TeamMemberJoined,
                subject="team-1",
                at=SATURDAY + AN_HOUR + timedelta(seconds=n),
                member_id=f"member-{n}",
            )
            try:
                await office.store.record(at_most_five, Entry(member, b"", decided=True))
            except Refusal:
                return False
            return True

        answers = await asyncio.gather(*(join(n) for n in range(8)))

        assert sum(answers) == 5


def _team_of_at_most(limit: int) -> Subject[list[str]]:
    def evolve(members: list[str] | None, new: Event) -> list[str]:
        return [*(members or []), new.id]

    def has_room(members: list[str] | None, _: Event) -> None:
        if len(members or []) > limit:
            raise Refusal(TEAM_DISBANDED)

    anybody = frozenset(Role)
    return Subject(
        kind="team",
        evolve=evolve,
        accepts={
            TeamFormed: Accepts(by=anybody),
            TeamMemberJoined: Accepts(by=anybody, check=has_room),
        },
    )
