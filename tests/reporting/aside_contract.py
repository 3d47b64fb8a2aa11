"""What every store of events that were set aside does: run on the twin and on MongoDB."""

from datetime import UTC, datetime, timedelta

from services.messaging.dead_letters.leaving import Leaving
from services.messaging.log.completeness import NOTIFY, REGISTRATION
from services.messaging.topology import partition_of
from services.reporting.stores.aside_store import Aside, Buried, Some
from tests.builders import CHO_LON, HOA_HUNG
from tests.twins.aside import AsideInMemory

AnyAside = Aside | AsideInMemory
NOON = datetime(2025, 10, 11, 5, 0, tzinfo=UTC)
LATER = NOON + timedelta(hours=1)
PARTITIONS = 4
HERE = partition_of(CHO_LON, PARTITIONS)


def buried(event_id: str, ward: str = CHO_LON, since: datetime = NOON) -> Buried:
    return Buried(event_id, ward, "citizen.assisted.v1", "/device/d-1", "not_handled", since)


def leaving(event_id: str, ward: str = CHO_LON, source: str = "/device/d-1") -> Leaving:
    return Leaving(event_id, ward, "citizen.assisted.v1", source, "typed twice", "ops", NOON)


class AsideContract:
    """Subclasses give the fixture `aside`, of four partitions."""

    async def test_buried_events_are_counted_by_ward_since_the_first(self, aside: AnyAside) -> None:
        await aside.bury([buried("a", since=LATER), buried("b"), buried("c", HOA_HUNG)], None)
        await aside.bury([buried("b", since=LATER)], None)

        assert sorted(await aside.buried(), key=lambda some: -some.count) == [
            Some(HERE, REGISTRATION, CHO_LON, 2, NOON),
            Some(partition_of(HOA_HUNG, PARTITIONS), REGISTRATION, HOA_HUNG, 1, NOON),
        ]
        assert await aside.any(HERE, None)

    async def test_event_that_is_settled_waits_no_more(self, aside: AnyAside) -> None:
        await aside.bury([buried("a")], None)

        await aside.settled(["a", "nobody"], None)

        assert await aside.buried() == []
        assert not await aside.any(HERE, None)

    async def test_event_is_left_out_once(self, aside: AnyAside) -> None:
        first = await aside.leave([leaving("a"), leaving("b", source="/notify")], None)
        again = await aside.leave([leaving("a")], None)

        assert (first, again) == ({"a", "b"}, set())
        assert sorted(some.log for some in await aside.left_out()) == [NOTIFY, REGISTRATION]

    async def test_event_that_comes_after_all_is_left_out_no_more(self, aside: AnyAside) -> None:
        await aside.leave([leaving("a")], None)

        assert await aside.come(["a", "b"], None) == {"a"}
        assert await aside.come(["a"], None) == set()
        assert await aside.left_out() == []
