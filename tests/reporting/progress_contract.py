"""What every store of progress does: run on the twin and on MongoDB."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from services.messaging.log.completeness import NOTIFY, REGISTRATION, Statement, Tally
from services.reporting.stores.progress_store import Moved, Progress, State
from services.reporting.stores.standing import NOTHING, Gap, OfLog
from tests.twins.progress import ProgressInMemory

AnyProgress = Progress | ProgressInMemory
PARTITIONS = 2
NOON = datetime(2025, 10, 11, 5, 0, tzinfo=UTC)
LATER = NOON + timedelta(minutes=1)
THREE = Tally().plus(["a", "b", "c"])


def states(
    tally: Tally = Tally(),  # noqa: B008  # frozen
    *,
    as_of: datetime = NOON,
    publisher: str = REGISTRATION,
    partitions: int = PARTITIONS,
) -> Statement:
    """What a relay says of its log."""
    return Statement(publisher, tally, as_of, partitions)


async def moved(progress: AnyProgress, **logs: OfLog) -> None:
    """A transaction of partition 0."""
    state = (await progress.read([0]))[0]
    await progress.move({0: replace(state, standing={**NOTHING, **logs})}, None)


async def of_log(progress: AnyProgress, log: str = REGISTRATION) -> OfLog:
    return (await progress.all())[0].standing[log]


class ProgressContract:
    """Subclasses give the fixture `progress`, prepared, of two partitions."""

    async def test_partition_stands_as_its_last_transaction_left_it(
        self, progress: AnyProgress
    ) -> None:
        gap = Gap(2, NOON)
        await moved(progress, registration=OfLog(THREE, NOON, gap, LATER))

        state = (await progress.read([0]))[0]

        assert state.standing == {
            REGISTRATION: OfLog(THREE, NOON, gap, LATER),
            NOTIFY: OfLog(),
        }
        assert (await progress.all())[0] == state

    async def test_statement_of_just_what_is_there_is_proven(self, progress: AnyProgress) -> None:
        await moved(progress, registration=OfLog(THREE))

        await progress.heard(0, [states(THREE)], LATER)

        assert await of_log(progress) == OfLog(THREE, NOON, None, LATER)

    async def test_statement_of_more_proves_nothing_and_says_what_is_lacking(
        self, progress: AnyProgress
    ) -> None:
        await moved(progress, registration=OfLog(THREE, NOON))

        await progress.heard(0, [states(THREE.plus(["d"]), as_of=LATER)], LATER)

        assert await of_log(progress) == OfLog(THREE, NOON, Gap(1, LATER), LATER)

    async def test_statement_that_comes_again_moves_nothing_back(
        self, progress: AnyProgress
    ) -> None:
        await progress.heard(0, [states(as_of=LATER)], LATER)

        await progress.heard(0, [states(as_of=NOON)], LATER)

        assert (await of_log(progress)).true_until == LATER

    async def test_every_transaction_and_no_statement_changes_the_revision(
        self, progress: AnyProgress
    ) -> None:
        before = await progress.revision(0)
        await progress.heard(0, [states()], NOON)
        assert await progress.revision(0) == before

        await moved(progress)
        assert await progress.revision(0) != before
        assert (await progress.revisions())[0] == await progress.revision(0)

    async def test_who_comes_after_another_is_told_so(self, progress: AnyProgress) -> None:
        seen = await progress.revision(0)
        await progress.claim(0, seen, None)

        with pytest.raises(Moved):
            await progress.claim(0, seen, None)

        assert await of_log(progress) == OfLog()

    async def test_what_was_set_aside_is_looked_for_until_a_transaction_finds_none(
        self, progress: AnyProgress
    ) -> None:
        before = (await progress.read([0]))[0]

        await progress.set_aside(0, None)
        during = (await progress.read([0]))[0]
        await progress.move({0: State(during.standing, during.revision, aside=False)}, None)

        assert during.aside
        assert during.revision != before.revision
        assert not (await progress.read([0]))[0].aside
