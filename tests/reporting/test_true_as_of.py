"""Up to which instant the figures are true."""

from collections.abc import AsyncIterator

import pytest

from services.platform.mongo import connect
from services.reporting.true_as_of import Progress, true_as_of
from tests.reporting.progress_contract import LATER, NOON, ProgressContract
from tests.twins.progress import ProgressInMemory


class TestProgressInMemory(ProgressContract):
    @pytest.fixture
    def progress(self) -> ProgressInMemory:
        return ProgressInMemory()


class TestProgressInMongo(ProgressContract):
    @pytest.fixture
    async def progress(self, mongo_url: str, database_name: str) -> AsyncIterator[Progress]:
        client = connect(mongo_url)
        yield Progress(client[database_name])
        client.close()


def test_figures_are_true_as_of_the_slowest_partition_and_publisher() -> None:
    progress = {
        0: {"registration": LATER, "notify": LATER},
        1: {"registration": LATER, "notify": NOON},
    }

    assert true_as_of(progress, 2) == NOON


def test_nobody_can_say_while_a_partition_was_not_heard_of() -> None:
    assert true_as_of({0: {"registration": NOON}}, 2) is None
    assert true_as_of({}, 2) is None


def test_nobody_can_say_while_a_publisher_was_heard_in_one_partition_only() -> None:
    progress = {0: {"registration": NOON, "notify": NOON}, 1: {"registration": NOON}}

    assert true_as_of(progress, 2) is None
