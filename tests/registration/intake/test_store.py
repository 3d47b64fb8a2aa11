"""The store of decided events: one suite on the twin and on MongoDB."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

import pytest

from services.events.envelope import Event
from services.events.households import HouseholdVisited
from services.events.organisations import ORGANISATIONS, OrganisationRegistered
from services.events.service_points import SERVICE_POINTS, ServicePointClosed, ServicePointOpened
from services.events.teams import TEAMS, TeamDisbanded, TeamFormed, TeamMemberJoined
from services.messaging.log.entry import Appended, Entry
from services.messaging.log.event_log import EventLog
from services.messaging.log.store import MongoEventLog
from services.platform.mongo import Client, connect
from services.registration.intake.replacing import taking_back
from services.registration.organisations.rules import ORGANISATION
from services.registration.service_points.rules import SERVICE_POINT
from services.registration.slices import SUBJECTS
from services.registration.subjects.actor import Role
from services.registration.subjects.folding import ALREADY_REPLACED, Decision
from services.registration.subjects.owners import its_own_ward
from services.registration.subjects.problems import Refusal
from services.registration.subjects.row_store import MongoRows
from services.registration.subjects.rows import Rows
from services.registration.subjects.store import MongoStore, Store
from services.registration.subjects.subject import NEVER, Accepts, Decided
from services.registration.teams.rules import TEAM, TEAM_DISBANDED
from tests.builders import SATURDAY, an_event_id, event, void
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
        return [await self.store.record(decision(e)) for e in events]


def decision(of: Event) -> Decision:
    return Decision(TEAM, Entry(of, of.id.encode(), decided=True))


def formed(team: str = "team-1") -> TeamFormed:
    return event(TeamFormed, subject=team)


def joined(member: str, hours: int = 1, team: str = "team-1") -> TeamMemberJoined:
    return event(TeamMemberJoined, subject=team, at=SATURDAY + hours * AN_HOUR, member_id=member)


def disbanded(hours: int, team: str = "team-1") -> TeamDisbanded:
    return event(TeamDisbanded, subject=team, at=SATURDAY + hours * AN_HOUR)


def put_right(wrong: Event, time: datetime | None = None, **data: object) -> Decision:
    """A successor of its own id."""
    changes: dict[str, object] = {
        "id": an_event_id(),
        "replaces": wrong.id,
        "time": time or wrong.time,
        "data": wrong.data.model_copy(update=data),
    }
    new = wrong.model_copy(update=changes)
    subject = SUBJECTS[type(new)]
    taken_back = taking_back(new, wrong, new.source)
    return Decision(
        subject,
        Entry(new, new.id.encode(), decided=True),
        Entry(taken_back, b"void", decided=True),
    )


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

        answer = await office.store.record(Decision(TEAM, Entry(team, b"other", decided=True)))

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

        answers = await asyncio.gather(
            *(office.store.record(Decision(TEAM, entry)) for entry in entries)
        )

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

    async def test_replaced_event_goes_and_its_successor_comes_in_one_step(
        self, office: Office
    ) -> None:
        team, member = formed(), joined("member-1")
        await office.record(team, member)
        right = put_right(member, member_id="member-2")

        answer = await office.store.record(right)

        row = await office.rows.get("team", "team-1")
        assert answer is Appended.ACCEPTED
        assert await office.log.is_voided(member.id)
        assert row
        assert [m["member_id"] for m in row.state["members"]] == ["member-2"]

    async def test_refused_correction_takes_nothing_back(self, office: Office) -> None:
        member = joined("member-1")
        await office.record(formed(), member, disbanded(2))
        late = put_right(member, time=SATURDAY + 3 * AN_HOUR)

        with pytest.raises(Refusal):
            await office.store.record(late)

        assert await office.log.find_all([e.event.id for e in late.entries]) == {}
        assert not await office.log.is_voided(member.id)

    async def test_one_of_eight_successors_at_once_is_accepted(self, office: Office) -> None:
        visit = event(HouseholdVisited)
        await office.log.append(Entry(visit, b"hash"))
        successors = [put_right(visit) for _ in range(8)]

        answers = await asyncio.gather(
            *(office.store.record(successor) for successor in successors), return_exceptions=True
        )

        refusals = [a.kind for a in answers if isinstance(a, Refusal)]
        stand = await office.log.find_all([s.entry.event.id for s in successors])
        assert answers.count(Appended.ACCEPTED) == 1
        assert refusals == [ALREADY_REPLACED] * 7
        assert len(stand) == 1

    async def test_held_correction_is_released_once(self, office: Office) -> None:
        visit = event(HouseholdVisited)
        right = put_right(visit)
        await office.log.append(replace(right.entry, published=False))
        await office.log.append(Entry(visit, b"hash"))

        for _ in ("by one process", "by another"):
            await office.store.release(right)

        assert await office.log.held_for([visit.id]) == []
        assert await office.log.is_voided(visit.id)

    async def test_held_correction_that_is_refused_stays_held(self, office: Office) -> None:
        visit = event(HouseholdVisited)
        first, second = put_right(visit), put_right(visit)
        await office.log.append(Entry(visit, b"hash"))
        await office.log.append(replace(second.entry, published=False))
        await office.store.record(first)

        with pytest.raises(Refusal):
            await office.store.release(second)

        [held] = await office.log.held_for([visit.id])
        assert held.event_id == second.entry.event.id

    async def test_dry_run_judges_and_writes_nothing(self, office: Office) -> None:
        await office.record(formed(), disbanded(1))

        with pytest.raises(Refusal):
            await office.store.dry_run(decision(joined("member-1", hours=2)))
        await office.store.dry_run(decision(formed("team-2")))

        assert await office.rows.get("team", "team-2") is None

    async def test_rows_are_listed_by_ward_and_paged_by_id(self, office: Office) -> None:
        await office.record(*(formed(f"team-{n}") for n in (3, 1, 2)))

        first = await office.rows.list("team", "27343", limit=2)
        rest = await office.rows.list("team", "27343", after=first[-1].id)

        assert [row.id for row in (*first, *rest)] == ["team-1", "team-2", "team-3"]
        assert await office.rows.list("team", "27163") == []

    async def test_what_exists_is_told_from_what_does_not(self, office: Office) -> None:
        await office.record(formed())

        known = await office.rows.find([("team", "team-1"), ("organisation", "team-1")])

        assert list(known) == [("team", "team-1")]
        assert await office.rows.find([]) == {}

    async def test_what_has_ended_is_known_with_its_last_day(self, office: Office) -> None:
        abolished = event(OrganisationRegistered, subject="quan-1", valid_to="2025-06-30")
        await office.store.record(Decision(ORGANISATION, Entry(abolished, b"hash", decided=True)))

        [row] = (await office.rows.find([(ORGANISATIONS, "quan-1")])).values()

        assert ORGANISATION.last_day(row.state) == date(2025, 6, 30)

    async def test_a_point_that_closed_is_known_with_the_day_it_closed(
        self, office: Office
    ) -> None:
        opened = event(ServicePointOpened)
        closed = event(ServicePointClosed, at=opened.time + timedelta(days=1))
        for told in (opened, closed):
            await office.store.record(Decision(SERVICE_POINT, Entry(told, b"hash", decided=True)))

        [row] = (await office.rows.find([(SERVICE_POINTS, "point-1")])).values()

        assert SERVICE_POINT.last_day(row.state) == date(2025, 10, 12)

    async def test_what_has_ended_is_open_no_more(self, office: Office) -> None:
        await office.record(formed("team-1"), formed("team-2"), disbanded(1))

        rows = await office.rows.open(TEAM, SATURDAY.date())

        assert [row.id for row in rows] == ["team-2"]


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

    async def test_one_of_eight_successors_stands_whichever_process_takes_it_in(
        self, office: Office, mongo_url: str, database_name: str
    ) -> None:
        visit = event(HouseholdVisited)
        await office.log.append(Entry(visit, b"hash"))
        clients = [connect(mongo_url) for _ in range(4)]
        stores = [_a_store(client, database_name) for client in clients]
        successors = [put_right(visit) for _ in range(8)]

        answers = await asyncio.gather(
            *(s.record(new) for s, new in zip(stores * 2, successors, strict=True)),
            return_exceptions=True,
        )

        assert answers.count(Appended.ACCEPTED) == 1
        assert [a.kind for a in answers if isinstance(a, Refusal)] == [ALREADY_REPLACED] * 7
        for client in clients:
            client.close()

    async def test_eight_writers_together_never_pass_a_limit(self, office: Office) -> None:
        at_most_five = _team_of_at_most(5)
        team = formed()
        await office.store.record(Decision(at_most_five, Entry(team, b"", decided=True)))

        async def join(n: int) -> bool:
            member = event(
                TeamMemberJoined,
                subject="team-1",
                at=SATURDAY + AN_HOUR + timedelta(seconds=n),
                member_id=f"member-{n}",
            )
            try:
                await office.store.record(Decision(at_most_five, Entry(member, b"", decided=True)))
            except Refusal:
                return False
            return True

        answers = await asyncio.gather(*(join(n) for n in range(8)))

        assert sum(answers) == 5


def _a_store(client: Client, database_name: str) -> MongoStore:
    database = client[database_name]
    return MongoStore(client, database["subjects"], MongoEventLog(database, partitions=4))


def _team_of_at_most(limit: int) -> Decided[list[str]]:
    def evolve(members: list[str] | None, new: Event) -> list[str]:
        return [*(members or []), new.id]

    def has_room(members: list[str] | None, _: Event) -> None:
        if len(members or []) > limit:
            raise Refusal(TEAM_DISBANDED)

    anybody = frozenset(Role)
    return Decided(
        kind=TEAMS,
        state=list[str],
        evolve=evolve,
        belongs=its_own_ward,
        ends_on=NEVER,
        accepts={
            TeamFormed: Accepts(by=anybody),
            TeamMemberJoined: Accepts(by=anybody, check=has_room),
        },
    )
