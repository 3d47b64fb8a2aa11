"""What every store of progress does: run on the twin and on MongoDB."""

from datetime import UTC, datetime, timedelta

import pytest

from services.reporting.true_as_of import Moved, Progress
from tests.twins.progress import ProgressInMemory

AnyProgress = Progress | ProgressInMemory
NOON = datetime(2025, 10, 11, 5, 0, tzinfo=UTC)
LATER = NOON + timedelta(minutes=1)


class ProgressContract:
    """Subclasses give the fixture `progress`."""

    async def test_progress_is_kept_by_partition_and_publisher(self, progress: AnyProgress) -> None:
        await progress.move({0: {"registration": NOON}}, None)
        await progress.move({0: {"notify": LATER}}, None)
        await progress.heard(1, {"registration": LATER})

        assert await progress.all() == {
            0: {"registration": NOON, "notify": LATER},
            1: {"registration": LATER},
        }

    async def test_message_that_comes_again_moves_nothing_back(self, progress: AnyProgress) -> None:
        await progress.move({0: {"registration": LATER}}, None)

        await progress.move({0: {"registration": NOON}}, None)
        await progress.heard(0, {"registration": NOON})

        assert await progress.all() == {0: {"registration": LATER}}

    async def test_every_transaction_and_no_heartbeat_changes_the_revision(
        self, progress: AnyProgress
    ) -> None:
        before = await progress.revision(0)
        await progress.heard(0, {"registration": NOON})
        assert await progress.revision(0) == before

        await progress.move({0: {}}, None)
        assert await progress.revision(0) != before
        assert await progress.revisions() == {0: await progress.revision(0)}

    async def test_who_comes_after_another_is_told_so(self, progress: AnyProgress) -> None:
        seen = await progress.revision(0)
        await progress.claim(0, seen, None)

        with pytest.raises(Moved):
            await progress.claim(0, seen, None)

        assert (await progress.all()).get(0, {}) == {}
