"""A desk for each test."""

from collections.abc import AsyncIterator

import pytest

from tests.reporting.desk import Desk, open_desk


@pytest.fixture
async def desk() -> AsyncIterator[Desk]:
    """The report API on twins, with nothing told yet."""
    async with open_desk() as opened:
        yield opened
