"""A gate for each test."""

from collections.abc import AsyncIterator

import pytest

from tests.registration.access.gate import Gate


@pytest.fixture
async def gate() -> AsyncIterator[Gate]:
    """Over twins; its client is closed afterwards."""
    gate = Gate()
    yield gate
    await gate.http.aclose()
