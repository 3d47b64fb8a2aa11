"""One partition's worker, on twins."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from services.events.assistance import CitizenAssisted
from services.messaging.topology import partition_of
from services.reporting.together import Together
from services.reporting.worker import PartitionWorker
from tests.builders import CHO_LON, event
from tests.reporting.books import PARTITION, Books, books_in_memory
from tests.reporting.test_verify_and_rebuild import STRAY

NOON = datetime(2025, 10, 11, 5, 0, tzinfo=UTC)
CHO_LON_KEY = f"{CHO_LON}@2025-07-01"


class Asked:
    """Requests in memory."""

    def __init__(self, wards: Sequence[str]) -> None:
        self.wards = list(wards)

    async def open(self) -> list[str]:
        return list(self.wards)

    async def done(self, ward: str) -> None:
        self.wards.remove(ward)


def worker(
    books: Books, partition: int = PARTITION, seconds: Sequence[float] = ()
) -> PartitionWorker:
    ticks = iter(seconds)
    return PartitionWorker(
        partition,
        Together(books.projection),
        books.rebuilding,
        books.progress,
        clock=lambda: NOON,
        monotonic=lambda: next(ticks, 1_000.0),
    )


async def test_batch_is_counted_and_its_progress_kept() -> None:
    books = books_in_memory()

    await worker(books).handle([event(CitizenAssisted)], {"registration": NOON})

    assert await books.facts.wards() == {CHO_LON_KEY}
    assert await books.progress.all() == {PARTITION: {"registration": NOON}}


async def test_heartbeats_are_written_down_at_most_once_a_second() -> None:
    books = books_in_memory()
    beating = worker(books, seconds=[0.0, 0.0, 0.5, 1.5, 1.5])
    later = [NOON + timedelta(seconds=n) for n in range(3)]

    await beating.handle([], {"registration": later[0]})
    await beating.handle([], {"notify": later[1]})
    assert await books.progress.all() == {PARTITION: {"registration": later[0]}}

    await beating.handle([], {"registration": later[2]})
    assert await books.progress.all() == {PARTITION: {"registration": later[2], "notify": later[1]}}


async def test_ward_that_was_asked_for_is_made_anew_by_its_own_partition() -> None:
    books = books_in_memory()
    mine = partition_of(CHO_LON, 4)
    await books.project([event(CitizenAssisted)])
    await books.cells.apply(STRAY, None)
    asked = Asked([CHO_LON_KEY])

    await worker(books, (mine + 1) % 4).rebuild_asked(asked, 4)
    assert asked.wards == [CHO_LON_KEY]

    await worker(books, mine).rebuild_asked(asked, 4)
    assert asked.wards == []
    assert await books.wrong() == []
