"""Events that a partition goes without: one suite on both stores."""

import pytest

from services.platform.mongo import Client
from services.reporting.stores.aside_store import Aside, buried_of
from tests.reporting.aside_contract import NOON, PARTITIONS, AsideContract, buried
from tests.twins.aside import AsideInMemory


class TestAsideInMemory(AsideContract):
    @pytest.fixture
    def aside(self) -> AsideInMemory:
        return AsideInMemory(PARTITIONS)


class TestAsideInMongo(AsideContract):
    @pytest.fixture
    async def aside(self, client: Client, database_name: str) -> Aside:
        aside = Aside(client[database_name], PARTITIONS)
        await aside.prepare()
        return aside


def test_only_what_can_be_an_event_of_a_log_is_waited_for() -> None:
    named = {"id": "a", "ward": "27343", "type": "citizen.assisted.v1", "source": "/device/d-1"}

    found = buried_of([named, {**named, "id": 7}, {"id": "b"}, "c", None], "not_handled", NOON)

    assert found == [buried("a")]
