"""A short token that was made before its access ended opens nothing in notify any more."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from services.notify.access.ended import EndedAccesses
from services.notify.access.store import MongoEndedAccesses
from services.platform.access.ended import EndedAccess, ended_message, read_ended
from services.platform.clock import utc_now
from services.platform.mongo import connect
from tests.notify.harness import Kit
from tests.notify.test_api import app_of as reading_app_of
from tests.notify.test_api import told
from tests.notify.test_campaign_api import BASE, NEW, a_token, app_of
from tests.twins.ended_access import EndedAccessesTwin

NOON = datetime(2026, 11, 20, 5, tzinfo=UTC)


@pytest.mark.parametrize(
    ("source", "issued_at", "ends"),
    [
        ("/user/u-1", NOON, True),
        ("/user/u-1", NOON - timedelta(minutes=4), True),
        ("/user/u-1", NOON + timedelta(seconds=1), False),
        ("/user/u-10", NOON, False),
        ("/device/u-2", NOON, False),
    ],
)
def test_an_end_is_of_one_and_of_what_was_made_before(
    source: str, issued_at: datetime, *, ends: bool
) -> None:
    ended = read_ended(ended_message(EndedAccess(id="u-1", at=NOON)))

    assert ended.ends(source, int(issued_at.timestamp())) == ends


async def test_whoever_signed_out_changes_nothing_in_notify(tmp_path: Path) -> None:
    ended = EndedAccessesTwin()
    with TestClient(app_of(told(tmp_path, anonymous_reading=False), Kit(), ended)) as client:
        before = client.post(f"{BASE}/campaigns", json=NEW, headers=a_token("u-1"))
        await ended.note(EndedAccess(id="u-1", at=utc_now() + timedelta(seconds=1)))
        after = client.post(f"{BASE}/campaigns", json=NEW, headers=a_token("u-1"))
        of_another = client.post(f"{BASE}/campaigns", json=NEW, headers=a_token("u-2"))

    assert (before.status_code, of_another.status_code) == (201, 201)
    assert (after.status_code, after.json()["code"]) == (401, "unauthenticated")


@pytest.mark.parametrize("path", ["notifications", "notifications/sms-0", "console"])
async def test_whoever_signed_out_reads_nothing_of_persons(tmp_path: Path, path: str) -> None:
    ended, address = EndedAccessesTwin(), f"{BASE}/{path.replace('sms-0', 'sms-' + '0' * 24)}"
    app = reading_app_of(told(tmp_path, anonymous_reading=False), Kit(), ended)
    with TestClient(app) as client:
        before = client.get(address, headers=a_token("u-1"))
        await ended.note(EndedAccess(id="u-1", at=utc_now() + timedelta(seconds=1)))
        after = client.get(address, headers=a_token("u-1"))
        of_another = client.get(address, headers=a_token("u-2"))

    assert before.status_code == of_another.status_code != 401
    assert (after.status_code, after.json()["code"]) == (401, "unauthenticated")


class EndedAccessesContract:
    """What both promise."""

    async def test_the_newest_end_holds_in_any_order(self, ended: EndedAccesses) -> None:
        for minutes in (0, 2, 1):
            await ended.note(EndedAccess(id="u-1", at=NOON + timedelta(minutes=minutes)))

        assert await ended.of("/user/u-1") == EndedAccess(id="u-1", at=NOON + timedelta(minutes=2))
        assert await ended.of("/user/u-2") is None


class TestTwin(EndedAccessesContract):
    @pytest.fixture
    def ended(self) -> EndedAccesses:
        return EndedAccessesTwin()


class TestMongo(EndedAccessesContract):
    @pytest.fixture
    async def ended(self, mongo_url: str, database_name: str) -> AsyncIterator[EndedAccesses]:
        client = connect(mongo_url)
        kept = MongoEndedAccesses(client[database_name])
        await kept.ensure_indexes()
        yield kept
        client.close()
