"""The ward's task: open disputes, oldest first."""

import base64
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from typing import Any

import orjson
import pytest

from services.events.answers import AssistanceConfirmed, AssistanceDisputed
from services.events.assistance import CitizenAssisted
from services.events.disputes import DisputeResolved
from services.events.envelope import Event
from services.platform.access.auth import Reader
from services.platform.mongo import connect
from tests.builders import CHO_LON, HOA_HUNG, SATURDAY, event, void
from tests.reporting.books import books_in_memory, real_books
from tests.reporting.desk import Desk, Json, open_desk

HOUR = timedelta(hours=1)
NEXT_DAY = SATURDAY + timedelta(days=1)
COORDINATOR = Reader("/user/ward-1", "ward", frozenset({CHO_LON}))


class DisputesContract:
    """Subclasses give the fixture `desk`."""

    async def test_a_dispute_is_open_until_it_is_resolved(self, desk: Desk) -> None:
        helped = event(CitizenAssisted, citizen_id="citizen-1")
        disputed = a_dispute_of(helped, kind="wrong_number", at=NEXT_DAY)
        await desk.tell(helped, disputed)

        [row] = await open_disputes(desk)
        await desk.tell(event(DisputeResolved, event_id=helped.id, at=NEXT_DAY + HOUR))

        assert (row["event_id"], row["kind"]["code"]) == (helped.id, "wrong_number")
        assert (row["ward"]["code"], row["notification_id"]) == (CHO_LON, "notification-1")
        assert datetime.fromisoformat(row["disputed_at"]) == disputed.time
        assert row["age_days"] == 49
        assert (row["disputed"]["type"], row["disputed"]["id"]) == (helped.type, helped.id)
        assert await open_disputes(desk) == []

    async def test_a_resolution_that_came_before_the_dispute_closes_it_too(
        self, desk: Desk
    ) -> None:
        helped = event(CitizenAssisted)

        await desk.tell(event(DisputeResolved, event_id=helped.id, at=NEXT_DAY))
        await desk.tell(a_dispute_of(helped))

        assert await open_disputes(desk) == []

    async def test_a_resolution_that_was_taken_back_opens_the_dispute_again(
        self, desk: Desk
    ) -> None:
        helped = event(CitizenAssisted)
        resolved = event(DisputeResolved, event_id=helped.id, at=NEXT_DAY)
        await desk.tell(helped, a_dispute_of(helped), resolved)

        await desk.tell(void(resolved))

        assert await disputed_ids(desk) == [helped.id]

    @pytest.mark.parametrize("voided_first", [True, False])
    async def test_a_dispute_of_a_voided_event_is_handled(
        self, desk: Desk, *, voided_first: bool
    ) -> None:
        helped = event(CitizenAssisted)
        disputed, voided = a_dispute_of(helped), void(helped)

        for told in (voided, helped, disputed) if voided_first else (disputed, helped, voided):
            await desk.tell(told)

        assert await open_disputes(desk) == []

    async def test_a_dispute_whose_event_is_still_to_come_is_listed_without_it(
        self, desk: Desk
    ) -> None:
        await desk.tell(event(AssistanceDisputed))

        [row] = await open_disputes(desk)

        assert row["disputed"] is None

    async def test_an_event_disputed_twice_is_one_task(self, desk: Desk) -> None:
        helped = event(CitizenAssisted)
        later, first = a_dispute_of(helped, at=NEXT_DAY), a_dispute_of(helped)

        await desk.tell(later, first)

        [row] = await open_disputes(desk)
        assert datetime.fromisoformat(row["disputed_at"]) == first.time

    async def test_other_answers_are_no_task(self, desk: Desk) -> None:
        await desk.tell(event(AssistanceConfirmed))

        assert await open_disputes(desk) == []

    async def test_pages_lead_from_the_oldest_to_the_newest_past_what_is_resolved(
        self, desk: Desk
    ) -> None:
        helped = [event(CitizenAssisted, ward=w) for w in (CHO_LON, HOA_HUNG) * 4]
        disputes = [a_dispute_of(h, at=NEXT_DAY - n * HOUR) for n, h in enumerate(helped)]
        done = helped[3:6]
        await desk.tell(*helped, *disputes)
        await desk.tell(*(resolution_of(h) for h in done))

        listed = await disputed_ids(desk, limit=2)

        assert listed == [h.id for h in reversed(helped) if h not in done]

    async def test_two_disputes_of_one_instant_are_both_listed(self, desk: Desk) -> None:
        helped = [event(CitizenAssisted) for _ in range(3)]
        await desk.tell(*(a_dispute_of(h) for h in helped))

        assert sorted(await disputed_ids(desk, limit=1)) == sorted(h.id for h in helped)


class TestDisputesInMemory(DisputesContract):
    @pytest.fixture
    async def desk(self) -> AsyncIterator[Desk]:
        async with open_desk(books_in_memory()) as desk:
            yield desk


class TestDisputesInMongo(DisputesContract):
    @pytest.fixture
    async def desk(self, mongo_url: str, database_name: str) -> AsyncIterator[Desk]:
        client = connect(mongo_url)
        async with open_desk(await real_books(client, database_name)) as desk:
            yield desk
        client.close()


async def test_a_ward_sees_its_own_disputes_and_no_others(desk: Desk) -> None:
    here, elsewhere = event(CitizenAssisted), event(CitizenAssisted, ward=HOA_HUNG)
    await desk.tell(a_dispute_of(here), a_dispute_of(elsewhere))

    assert await disputed_ids(desk, ward=HOA_HUNG) == [elsewhere.id]
    desk.reader = COORDINATOR

    assert await disputed_ids(desk) == [here.id]
    assert await desk.problem("worklists/disputes", ward=HOA_HUNG) == (403, "forbidden")


@pytest.mark.parametrize("role", ["volunteer", "kiosk", "integrator"])
async def test_who_is_in_the_field_has_no_list_of_disputes(desk: Desk, role: str) -> None:
    desk.reader = Reader("/device/phone-1", role, frozenset({CHO_LON}))

    assert await desk.problem("worklists/disputes") == (403, "forbidden")


@pytest.mark.parametrize(
    "parts",
    [
        ["x"],
        ["today", "id"],
        ["2025-10-11T08:00:00", "id"],
        ["0001-01-01T00:00:00+14:00", "id"],
        ["2025-10-11T08:00:00Z", 7],
        "2025",
    ],
)
async def test_a_cursor_that_leads_nowhere_is_refused(desk: Desk, parts: object) -> None:
    cursor = base64.urlsafe_b64encode(orjson.dumps(parts)).decode().rstrip("=")

    assert await desk.problem("worklists/disputes", cursor="x") == (422, "invalid_cursor")
    assert await desk.problem("worklists/disputes", cursor=cursor) == (422, "invalid_cursor")


async def test_a_list_says_nothing_of_the_citizen(desk: Desk) -> None:
    await desk.tell(event(AssistanceDisputed, citizen_id="citizen-77"))

    assert "citizen-77" not in (await desk.get("worklists/disputes")).text


def a_dispute_of(disputed: Event, *, at: datetime = SATURDAY, **told: Any) -> AssistanceDisputed:
    """An answer about an event, in its ward."""
    return event(AssistanceDisputed, at=at, ward=disputed.ward, event_id=disputed.id, **told)


def resolution_of(disputed: Event) -> DisputeResolved:
    """What its ward found."""
    return event(DisputeResolved, at=NEXT_DAY, ward=disputed.ward, event_id=disputed.id)


async def open_disputes(desk: Desk, **asked: object) -> list[Json]:
    """All pages of the list."""
    return await desk.rows("worklists/disputes", **asked)


async def disputed_ids(desk: Desk, **asked: object) -> list[str]:
    """What was disputed, in the order of the list."""
    return [row["event_id"] for row in await open_disputes(desk, **asked)]
