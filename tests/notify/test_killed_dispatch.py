"""kill -9 of a notify process at each point of a submission: nothing is sent twice."""

from datetime import timedelta
from functools import partial
from typing import Any

import pytest

from services.events.citizens import ConsentGiven
from services.platform.access.auth import Claims, sign
from services.platform.clock import utc_now
from services.platform.personal_data.contact_wire import CONTACT_SHARED
from tests import calls
from tests.builders import SATURDAY, a_phone, an_event_id, an_id, event
from tests.eventually import eventually
from tests.notify.harness import sealed_contact
from tests.notify.process import (
    RECEIPTS_SECRET,
    in_states,
    notifications,
    publish_private,
    tell,
    visits_to_reachable_citizens,
)
from tests.notify.sandbox_http_provider import Manner, Sandbox
from tests.stack import Stack

CAMPAIGNS = "/api/notify/v1/campaigns"


def _has_taken(phones: Sandbox, more_than: int) -> bool:
    return len(phones.taken) > more_than


@pytest.mark.parametrize("manner", [Manner.HOLD_BEFORE_TAKING, Manner.HOLD_AFTER_TAKING])
async def test_killed_while_submitting_sends_nothing_twice(
    services: Stack, phones: Sandbox, vhost_url: str, manner: Manner
) -> None:
    services.start("notify")
    phones.manner = manner
    await visits_to_reachable_citizens(vhost_url, 20)
    await eventually(lambda: phones.asked.acquire(blocking=False))

    services.kill("notify")
    phones.manner = Manner.ACCEPT
    phones.let_go.set()
    services.start("notify")

    done = ("accepted", "unknown")
    await eventually(lambda: in_states(services, 20, *done))
    assert set(phones.taken.values()) <= {1}
    assert len({request_id.rpartition("-")[0] for request_id in phones.taken}) == len(phones.taken)
    assert "unknown" in {n["state"] for n in notifications(services)}


async def test_killed_again_and_again_sends_nothing_twice(
    services: Stack, phones: Sandbox, vhost_url: str
) -> None:
    services.start("notify")
    for n in range(3):
        await visits_to_reachable_citizens(vhost_url, 30)
        await eventually(partial(_has_taken, phones, more_than=20 * n))
        services.kill("notify")
        services.start("notify")

    done = ("accepted", "unknown")
    await eventually(lambda: in_states(services, 90, *done))
    sent = {request_id.rpartition("-")[0] for request_id in phones.taken}
    accepted = {n["id"] for n in notifications(services) if n["state"] == "accepted"}
    assert set(phones.taken.values()) == {1}
    assert len(sent) == len(phones.taken)
    assert accepted <= sent


async def test_campaign_killed_again_and_again_invites_each_citizen_once(
    services: Stack, phones: Sandbox, vhost_url: str
) -> None:
    services.start("notify")
    await visits_to_reachable_citizens(vhost_url, 1)  # after a restart the clock goes on from it
    await eventually(lambda: in_states(services, 1, "accepted"))
    await citizens_who_agreed(vhost_url, 60)
    campaign = await a_campaign_under_way(services, reaching=60)

    for n in range(3):
        await eventually(partial(_has_taken, phones, more_than=1 + 15 * n))
        services.kill("notify")
        services.start("notify")

    done = ("accepted", "unknown")
    await eventually(lambda: in_states(services, 61, *done))
    await eventually(lambda: shown(services, campaign)["stage"] == "done")
    assert set(phones.taken.values()) == {1}
    assert len({n["citizen_id"] for n in notifications(services)}) == 61
    assert shown(services, campaign)["invited"] == 60


async def citizens_who_agreed(amqp_url: str, count: int) -> None:
    citizens = [an_id("citizen") for _ in range(count)]
    for citizen in citizens:
        id_ = an_event_id()
        body = sealed_contact(citizen, a_phone(), id_)
        await publish_private(amqp_url, CONTACT_SHARED, body)
    agreed = [event(ConsentGiven, citizen_id=c, purposes=["invitation"]) for c in citizens]
    await tell(amqp_url, *agreed)


async def a_campaign_under_way(services: Stack, reaching: int) -> str:
    """Made, seen to reach so many, approved by a second person, and started."""
    maker, second = (staff(services, who) for who in ("maker", "second"))
    until = (SATURDAY + timedelta(days=2)).isoformat()
    new = {"title": "Ngày hội", "text": "Mời ông/bà.", "until": until, "pace_a_minute": 600}
    all_ = services.url("notify") + CAMPAIGNS
    own = f"{all_}/{post(all_, new, maker)['id']}"

    def reaches_all() -> bool:
        seen = calls.get(f"{own}/preview", headers=maker).raise_for_status().json()
        return bool(seen["reachable"] == reaching)

    await eventually(reaches_all)
    for move in ("approve", "start"):
        post(f"{own}/steps", {"move": move}, second)
    return own.rpartition("/")[2]


def post(url: str, body: dict[str, Any], headers: dict[str, str]) -> dict[str, Any]:
    answer = calls.post(url, json=body, headers=headers).raise_for_status()
    told: dict[str, Any] = answer.json()
    return told


def shown(services: Stack, campaign_id: str) -> dict[str, Any]:
    path = f"{services.url('notify')}{CAMPAIGNS}/{campaign_id}"
    answer = calls.get(path, headers=staff(services, "maker")).raise_for_status()
    found: dict[str, Any] = answer.json()["campaign"]
    return found


def staff(services: Stack, who: str) -> dict[str, str]:
    key = (services.folder / "secrets" / "registration_token_private_key").read_text()
    claims = Claims(sub=f"/user/{who}", role="centre", wards=None)
    return {"Authorization": f"Bearer {sign(claims, 'notify', key, utc_now())}"}


async def test_receipt_is_matched_after_a_crash_by_our_request_id(
    services: Stack, phones: Sandbox, vhost_url: str
) -> None:
    services.start("notify")
    phones.manner = Manner.HOLD_AFTER_TAKING
    await visits_to_reachable_citizens(vhost_url, 1)
    await eventually(lambda: phones.asked.acquire(blocking=False))
    services.kill("notify")
    services.start("notify")
    (request_id,) = phones.taken
    url = services.url("notify")

    wrong = phones.post_receipt(url, "another-secret-altogether", request_id)
    first = phones.post_receipt(url, RECEIPTS_SECRET, request_id)
    second = phones.post_receipt(url, RECEIPTS_SECRET, request_id)

    assert (wrong, first, second) == (401, 204, 204)
    await eventually(lambda: in_states(services, 1, "delivered"))
