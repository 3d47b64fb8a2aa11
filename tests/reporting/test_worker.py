"""One partition's worker, on twins."""

from collections.abc import Collection, Mapping, Sequence
from datetime import UTC, datetime, timedelta

import pytest

from services.events.assistance import CitizenAssisted
from services.messaging.consumer.arrivals import Arrival
from services.messaging.log.completeness import REGISTRATION
from services.messaging.topology import partition_of
from services.platform.mongo import Session
from services.reporting.projecting.shared_transactions import SharedTransactions
from services.reporting.projecting.worker import PartitionWorker
from services.reporting.stores.progress_store import NotCounted, State
from tests.builders import CHO_LON, event
from tests.reporting.books import PARTITION, Books, books_in_memory
from tests.reporting.test_standing import stating
from tests.reporting.test_verify_and_rebuild import STRAY
from tests.twins.progress import ProgressInMemory

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


class Counted:
    """Partitions that were counted anew."""

    def __init__(self) -> None:
        self.partitions: list[int] = []

    async def one(self, partition: int) -> None:
        self.partitions.append(partition)


def worker(
    books: Books,
    partition: int = PARTITION,
    counting: Counted | None = None,
    projection: SharedTransactions | None = None,
) -> PartitionWorker:
    return PartitionWorker(
        partition,
        projection or SharedTransactions(books.projection),
        books.rebuilding,
        books.progress,
        counting or Counted(),
        clock=lambda: NOON,
    )


async def proven(books: Books) -> datetime | None:
    """Until when registration's log is."""
    return (await books.progress.read([PARTITION]))[PARTITION].standing[REGISTRATION].true_until


async def test_batch_is_counted_and_what_it_proves_is_kept() -> None:
    books, visit = books_in_memory(), event(CitizenAssisted)

    await worker(books).handle([visit, stating(visit, partitions=1)])

    assert await books.facts.wards() == {CHO_LON_KEY}
    assert await proven(books) == NOON


async def test_statements_alone_are_no_transaction_of_the_partition() -> None:
    books = books_in_memory()

    await worker(books).handle([stating(partitions=1)])

    assert await proven(books) == NOON
    assert await books.progress.revision(PARTITION) == 0


async def test_empty_batch_is_a_transaction_of_the_partition() -> None:
    """So it shows that there can be one."""
    books = books_in_memory()

    await worker(books).handle([])

    assert await books.progress.revision(PARTITION) == 1


async def test_batch_that_failed_leaves_no_trace_in_what_is_proven_later() -> None:
    class FailsOnce(SharedTransactions):
        failures = 1

        async def project(self, partition: int, arrivals: Sequence[Arrival]) -> None:
            if self.failures:
                self.failures = 0
                raise ZeroDivisionError
            await super().project(partition, arrivals)

    books, lost, late = books_in_memory(), event(CitizenAssisted), event(CitizenAssisted)
    working = worker(books, projection=FailsOnce(books.projection))
    earlier = NOON - timedelta(hours=1)

    with pytest.raises(ZeroDivisionError):
        await working.handle([lost, stating(lost, partitions=1)])
    await working.handle([late, stating(late, partitions=1, as_of=earlier)])

    assert await proven(books) == earlier


async def test_partition_whose_tallies_are_of_another_time_is_counted_before_it_is_projected() -> (
    None
):
    counting, visit = Counted(), event(CitizenAssisted)

    class WrittenMeanwhile(ProgressInMemory):
        async def read(
            self, partitions: Collection[int], session: Session | None = None
        ) -> Mapping[int, State]:
            if not counting.partitions:
                raise NotCounted
            return await super().read(partitions, session)

    books = books_in_memory(WrittenMeanwhile())

    await worker(books, counting=counting).handle([visit])

    assert counting.partitions == [PARTITION]
    assert await books.facts.wards() == {CHO_LON_KEY}


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
