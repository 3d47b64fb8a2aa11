"""Notify as a real process, and the phones that it reaches by an HTTP provider."""

from collections.abc import Iterator

import pytest

from tests.notify.process import ANSWER_S, RECEIPTS_SECRET, notify_process
from tests.notify.sandbox_http_provider import Sandbox, sandbox
from tests.stack import Stack


@pytest.fixture
def phones() -> Iterator[Sandbox]:
    with sandbox() as running:
        yield running


@pytest.fixture
def services(
    mongo_url: str, vhost_url: str, database_name: str, phones: Sandbox, real_processes: None
) -> Iterator[Stack]:
    with notify_process(
        mongo_url,
        vhost_url,
        database_name,
        NOTIFY_PROVIDERS="http",
        NOTIFY_HTTP_PROVIDER_URL=phones.url,
        NOTIFY_HTTP_PROVIDER_SENDER="TUNGNGO",
        NOTIFY_HTTP_TIMEOUT_S=str(ANSWER_S),
        NOTIFY_LEASE_S=str(ANSWER_S + 1),
        NOTIFY_RECEIPTS_SECRET=RECEIPTS_SECRET,
    ) as made:
        yield made
