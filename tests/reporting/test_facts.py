"""Facts, in memory and in MongoDB."""

from collections.abc import AsyncIterator

import pytest

from services.platform.mongo import connect
from services.reporting.stores.fact_store import Facts
from tests.reporting.fact_contract import FactContract
from tests.twins.facts import FactsInMemory


class TestFactsInMemory(FactContract):
    @pytest.fixture
    def facts(self) -> FactsInMemory:
        return FactsInMemory()


class TestFactsInMongo(FactContract):
    @pytest.fixture
    async def facts(self, mongo_url: str, database_name: str) -> AsyncIterator[Facts]:
        client = connect(mongo_url)
        facts = Facts(client[database_name])
        await facts.prepare()
        yield facts
        client.close()
