"""Where a partition stands: one suite on both stores, and what only MongoDB can show."""

import pytest

from services.messaging.log.completeness import REGISTRATION, Tally
from services.platform.mongo import Client
from services.reporting.stores.progress_store import NotCounted, OtherDivision, Progress
from services.reporting.stores.standing import OfLog
from tests.reporting.progress_contract import (
    LATER,
    NOON,
    PARTITIONS,
    THREE,
    ProgressContract,
    moved,
    of_log,
    states,
)
from tests.twins.progress import ProgressInMemory


class TestProgressInMemory(ProgressContract):
    @pytest.fixture
    def progress(self) -> ProgressInMemory:
        return ProgressInMemory(PARTITIONS)


class TestProgressInMongo(ProgressContract):
    @pytest.fixture
    async def progress(self, client: Client, database_name: str) -> Progress:
        return await counted(Progress(client[database_name], PARTITIONS))


async def counted(progress: Progress, **tallies: Tally) -> Progress:
    """As it is once the facts were counted."""
    await progress.prepare()
    for partition in range(progress.partitions):
        await progress.count(partition, tallies, None)
    return progress


async def test_partition_that_an_older_version_wrote_is_counted_anew(
    client: Client, database_name: str
) -> None:
    database = client[database_name]
    await database["progress"].insert_one({"_id": 0, "revision": 7, "pending": {"notify": NOON}})
    progress = Progress(database, 1)

    with pytest.raises(NotCounted):
        await progress.read([0])
    assert await progress.uncounted() == {0: True}

    await counted(progress, registration=THREE)
    assert await progress.uncounted() == {}
    assert await of_log(progress) == OfLog(THREE)

    await database["progress"].update_one({"_id": 0}, {"$inc": {"revision": 1}})
    with pytest.raises(NotCounted):
        await progress.heard(0, [states(THREE)], NOON)
    assert await progress.uncounted() == {0: False}


async def test_what_was_proven_stays_proven_when_it_is_counted_anew(
    client: Client, database_name: str
) -> None:
    progress = await counted(Progress(client[database_name], PARTITIONS))
    await moved(progress, registration=OfLog(Tally(), NOON, heard_at=LATER))

    await counted(progress, registration=THREE)

    assert await of_log(progress) == OfLog(THREE, NOON, heard_at=LATER)


async def test_process_of_a_former_division_projects_nothing_any_more(
    client: Client, database_name: str
) -> None:
    former = await counted(Progress(client[database_name], 2))
    await moved(former, registration=OfLog(THREE, NOON))

    now = await counted(Progress(client[database_name], 3), registration=THREE)

    with pytest.raises(OtherDivision):
        await former.read([0])
    assert (await now.all())[0].standing[REGISTRATION] == OfLog(THREE)
    assert await former.all() == {}
