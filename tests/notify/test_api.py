"""Notify over HTTP, on twins."""

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from fastapi import FastAPI
from fastapi.testclient import TestClient
from hypothesis import HealthCheck, given, settings
from pydantic import SecretStr, ValidationError
from schemathesis import Case
from schemathesis.core.result import Ok
from schemathesis.schemas import APIOperation

from services.notify.http.notifications import reading_router
from services.notify.ledger.parts import Part
from services.notify.ledger.records import UNKNOWN_WORDS
from services.notify.notification.states import State
from services.notify.providers.console.sending import Console
from services.notify.providers.http.webhooks import http_router
from services.notify.providers.provider import Sms
from services.notify.settings import NotifySettings
from services.platform.access.auth import Claims, sign
from services.platform.clock import utc_now
from services.platform.http.app import create_app
from services.platform.unavailable import Unavailable
from tests.builders import HOA_HUNG
from tests.examples import examples
from tests.notify.harness import WRAP_KEY, Kit, a_reachable_citizen, arrive, assisted
from tests.platform.test_auth import key_pair
from tests.twins.ended_access import EndedAccessesTwin

PRIVATE, PUBLIC = key_pair()
SECRET = "secret-of-a-test-webhook"
BASE = "/api/notify/v1"


def told(folder: Path, **changes: object) -> NotifySettings:
    values = {
        "mongo_url": SecretStr("mongodb://nowhere.example"),
        "broker_url": SecretStr("amqp://nowhere.example"),
        "token_public_key": PUBLIC,
        "anonymous_reading": True,
        "notify_wrap_key": WRAP_KEY,
        "console_file": folder / "sms.jsonl",
        "receipts_secret": SecretStr(SECRET),
        "http_provider_url": "https://provider.example/send",
    }
    return NotifySettings.model_validate(values | changes)


def app_of(told_so: NotifySettings, kit: Kit, ended: EndedAccessesTwin | None = None) -> FastAPI:
    parts = {"ledger": kit.ledger, "clock": kit.clock, "callbacks": kit.callbacks}

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[dict[str, object]]:
        yield {**parts, "ended": ended or EndedAccessesTwin()}

    return create_app(
        title="t",
        lifespan=lifespan,
        routers=(reading_router(told_so), http_router(told_so)),
        checks={},
        unavailable=(Unavailable,),
    )


@pytest.fixture
def kit() -> Kit:
    kit = Kit()
    kit.provider.name = "http"
    return kit


@pytest.fixture
def anyone(kit: Kit, tmp_path: Path) -> Iterator[TestClient]:
    over_http = told(tmp_path, providers="http")
    with TestClient(app_of(over_http, kit), raise_server_exceptions=False) as client:
        yield client


@pytest.fixture
def staff(kit: Kit, tmp_path: Path) -> Iterator[TestClient]:
    with TestClient(app_of(told(tmp_path, anonymous_reading=False), kit)) as client:
        yield client


def token(*wards: str) -> dict[str, str]:
    claims = Claims(sub="/user/u-1", role="ward", wards=wards or None)
    return {"Authorization": f"Bearer {sign(claims, 'notify', PRIVATE, utc_now())}"}


async def test_notification_is_found_by_its_event_and_shown_with_its_steps(
    anyone: TestClient, kit: Kit
) -> None:
    visit = assisted(await a_reachable_citizen(kit.contacts))
    await arrive(kit.ledger, visit)
    await kit.after(hours=1)

    (found,) = anyone.get(f"{BASE}/notifications?event_id={visit.id}").json()["notifications"]
    shown = anyone.get(f"{BASE}/notifications/{found['id']}").json()

    assert (found["state"], found["segments"], found["attempts"]) == ("accepted", 1, 1)
    steps = [change["state"] for change in shown["history"]]
    assert steps == ["received", "ready", "submitting", "accepted"]
    assert shown["attempts"][0]["template"] == "visit.assisted.plain.v2"


async def test_answers_hold_neither_number_nor_text(anyone: TestClient, kit: Kit) -> None:
    await arrive(kit.ledger, assisted(await a_reachable_citizen(kit.contacts)))
    await kit.after(hours=1)

    listed = anyone.get(f"{BASE}/notifications").text

    (sms,) = kit.provider.reached
    assert sms.phone[3:] not in listed
    assert "ho tro" not in listed


async def test_pages_follow_each_other(anyone: TestClient, kit: Kit) -> None:
    visits = [assisted(await a_reachable_citizen(kit.contacts)) for _ in range(5)]
    await arrive(kit.ledger, *visits)

    seen: list[str] = []
    cursor: str | None = ""
    while cursor is not None:
        page = anyone.get(f"{BASE}/notifications?limit=2{cursor and f'&cursor={cursor}'}").json()
        seen += [event_id for n in page["notifications"] for event_id in n["event_ids"]]
        cursor = page["next"]

    assert sorted(seen) == sorted(visit.id for visit in visits)


async def test_states_select(anyone: TestClient, kit: Kit) -> None:
    await arrive(kit.ledger, assisted(await a_reachable_citizen(kit.contacts)))

    waiting = anyone.get(f"{BASE}/notifications?state=received&state=deferred").json()
    sent = anyone.get(f"{BASE}/notifications?state=accepted").json()

    assert (len(waiting["notifications"]), sent["notifications"]) == (1, [])


async def test_ward_sees_its_own_notifications_alone(staff: TestClient, kit: Kit) -> None:
    citizen = await a_reachable_citizen(kit.contacts)
    await arrive(kit.ledger, assisted(citizen))

    own = staff.get(f"{BASE}/notifications", headers=token("27343")).json()["notifications"]
    path = f"{BASE}/notifications/{own[0]['id']}"

    assert len(own) == 1
    assert staff.get(f"{BASE}/notifications", headers=token(HOA_HUNG)).json()["notifications"] == []
    assert staff.get(path, headers=token(HOA_HUNG)).status_code == 403
    assert staff.get(path, headers=token()).status_code == 200


async def test_sms_of_visits_in_two_wards_opens_for_both(staff: TestClient, kit: Kit) -> None:
    citizen = await a_reachable_citizen(kit.contacts)
    await arrive(kit.ledger, assisted(citizen), assisted(citizen, ward=HOA_HUNG))

    for ward in ("27343", HOA_HUNG):
        listed = staff.get(f"{BASE}/notifications", headers=token(ward)).json()["notifications"]
        path = f"{BASE}/notifications/{listed[0]['id']}"
        assert staff.get(path, headers=token(ward)).status_code == 200


@pytest.mark.parametrize("path", ["notifications", "notifications/sms-" + 24 * "0", "console"])
def test_nobody_reads_without_a_token(staff: TestClient, path: str) -> None:
    answer = staff.get(f"{BASE}/{path}")

    assert (answer.status_code, answer.json()["code"]) == (401, "unauthenticated")


def test_unknown_notification_and_broken_cursor_have_their_answers(anyone: TestClient) -> None:
    unknown = anyone.get(f"{BASE}/notifications/sms-{24 * '0'}")
    broken = anyone.get(f"{BASE}/notifications?cursor=%C3%A9")

    assert (unknown.status_code, unknown.json()["code"]) == (404, "not_found")
    assert (broken.status_code, broken.json()["pointer"]) == (422, "/query/cursor")


async def test_console_is_shown_newest_first(kit: Kit, tmp_path: Path) -> None:
    over_console = told(tmp_path)
    console = Console(over_console.console_file, kit.clock)
    for n in range(3):
        await console.send(Sms(f"sms-{n}", "+84900000001", "Ngay 11/10/2025"))

    with TestClient(app_of(over_console, kit)) as client:
        shown = client.get(f"{BASE}/console?limit=2").json()["messages"]

    assert [sms["request_id"] for sms in shown] == ["sms-2", "sms-1"]
    assert shown[0]["to"] == "+84*******01"


def test_ward_does_not_read_the_console_of_the_city(staff: TestClient) -> None:
    assert staff.get(f"{BASE}/console", headers=token("27343")).status_code == 403
    assert staff.get(f"{BASE}/console", headers=token()).json()["messages"] == []


@pytest.mark.parametrize("shown", ["", "Bearer ", "Bearer another-secret", f"Basic {SECRET}"])
def test_receipt_without_the_secret_is_refused(anyone: TestClient, shown: str) -> None:
    answer = anyone.post(
        f"{BASE}/receipts",
        json={"message_id": "m-1", "status": "delivered"},
        headers={"Authorization": shown},
    )

    assert answer.status_code == 401


async def test_receipt_moves_its_notification(anyone: TestClient, kit: Kit) -> None:
    citizens = [await a_reachable_citizen(kit.contacts) for _ in range(2)]
    await arrive(kit.ledger, *(assisted(citizen) for citizen in citizens))
    await kit.after(hours=1)
    first, second = (f"m-{sms.request_id}" for sms in kit.provider.reached)

    for message_id, status in ((first, "delivered"), (second, "undelivered"), (first, "delivered")):
        answer = anyone.post(
            f"{BASE}/receipts",
            json={"message_id": message_id, "status": status, "code": "absent"},
            headers={"Authorization": f"Bearer {SECRET}"},
        )
        assert answer.status_code == 204

    states = anyone.get(f"{BASE}/notifications").json()["notifications"]
    assert {(n["state"], n["reason"]) for n in states} == {
        (State.DELIVERED, None),
        (State.UNDELIVERED, "undelivered_absent"),
    }
    kinds = sorted(kit.announced())
    assert kinds[:2] == ["notification.delivered.v1", "notification.failed.v1"]


async def test_receipt_with_another_word_is_kept_and_moves_nothing(
    anyone: TestClient, kit: Kit
) -> None:
    await arrive(kit.ledger, assisted(await a_reachable_citizen(kit.contacts)))
    await kit.after(hours=1)
    [sms] = kit.provider.reached

    answer = anyone.post(
        f"{BASE}/receipts",
        json={"message_id": f"m-{sms.request_id}", "status": "delivery_failed"},
        headers={"Authorization": f"Bearer {SECRET}"},
    )

    assert answer.status_code == 204
    [met] = kit.ledger.records(UNKNOWN_WORDS).values()
    assert (met.provider, met.word, met.count) == ("http", "unread_delivery_failed", 1)
    [shown] = anyone.get(f"{BASE}/notifications").json()["notifications"]
    assert shown["state"] == State.ACCEPTED


def test_receipt_is_not_acknowledged_without_a_database(anyone: TestClient, kit: Kit) -> None:
    kit.ledger.down = True

    answer = anyone.post(
        f"{BASE}/receipts",
        json={"message_id": "m-1", "status": "delivered"},
        headers={"Authorization": f"Bearer {SECRET}"},
    )

    assert (answer.status_code, answer.json()["code"]) == (503, "unavailable")
    assert "Retry-After" in answer.headers


def test_console_takes_no_receipts(kit: Kit, tmp_path: Path) -> None:
    with TestClient(app_of(told(tmp_path), kit)) as client:
        answer = client.post(
            f"{BASE}/receipts",
            json={"message_id": "m-1", "status": "delivered"},
            headers={"Authorization": f"Bearer {SECRET}"},
        )

    assert (answer.status_code, answer.json()["code"]) == (404, "no_receipts")


@pytest.mark.parametrize(
    "changes",
    [
        {"http_provider_url": ""},
        {"http_provider_url": "provider.example"},
        {"receipts_secret": SecretStr("short")},
        {"http_provider_token": SecretStr("with space")},
        {"demo": True},
        {"lease_s": 5, "http_timeout_s": 5},
        {"part": "3/2"},
    ],
)
def test_settings_that_would_harm_are_refused(tmp_path: Path, changes: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        told(tmp_path, providers="http", **changes)


def test_processes_share_the_pace_that_was_agreed(tmp_path: Path) -> None:
    rate = {"http": 50.0}
    one = told(tmp_path, providers="http", segments_per_s=rate)
    half = told(tmp_path, providers="http", segments_per_s=rate, part="2/2")

    paces = [s.route_terms(s.plan[0]).segments_per_s for s in (one, half)]

    assert paces == [50, 25]
    assert half.sending.part == Part(2, 2)


def test_demo_may_send_to_a_sandbox_on_its_own_machine(tmp_path: Path) -> None:
    told(
        tmp_path,
        providers="http",
        demo=True,
        http_provider_url="http://127.0.0.1:9/send",
    )


def test_settings_show_no_secret(tmp_path: Path) -> None:
    shown = repr(told(tmp_path, http_provider_token=SecretStr("token-of-a-test")))

    assert SECRET not in shown
    assert "token-of-a-test" not in shown
    assert repr(WRAP_KEY) not in shown


def test_api_keeps_to_its_document(kit: Kit, tmp_path: Path) -> None:
    app = app_of(told(tmp_path, providers="http", anonymous_reading=False), kit)
    document = schemathesis.openapi.from_asgi("/openapi.json", app)
    paths = set()

    for found in document.get_all_operations():
        assert isinstance(found, Ok)
        operation = found.ok()
        paths.add(operation.path)
        _examine(operation)

    assert {f"{BASE}/notifications", f"{BASE}/console", f"{BASE}/receipts"} < paths


def _examine(operation: APIOperation[Any, Any, Any, Any]) -> None:
    is_receipt = operation.path.endswith("/receipts")
    shown = {"Authorization": f"Bearer {SECRET}"} if is_receipt else token()

    @given(case=operation.as_strategy())
    @settings(max_examples=examples(25), deadline=None, suppress_health_check=list(HealthCheck))
    def keeps_to_the_document(case: Case[Any]) -> None:
        case.call_and_validate(headers=shown)

    keeps_to_the_document()
