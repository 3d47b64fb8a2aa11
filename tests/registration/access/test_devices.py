"""Phones: enrolled by a code, held to their team's scope, and revoked."""

import asyncio
from datetime import timedelta

import pytest

from services.events.assistance import CitizenAssisted
from services.registration.access.tokens import CODE_LETTERS
from services.registration.subjects.actor import Role
from tests.builders import CHO_LON, HOA_HUNG, event
from tests.registration.access.gate import TEAM, Gate, Settings, authorization, told


async def test_phone_with_a_code_posts_for_its_team(gate: Gate) -> None:
    by = await gate.coordinator()

    phone = await gate.phone(by)

    verdict = await gate.post(event(CitizenAssisted, team_id=TEAM), phone)
    assert verdict.covers
    assert verdict.role == Role.VOLUNTEER
    assert verdict.source.startswith("/device/d-")


async def test_code_may_be_typed_in_small_letters_and_without_hyphens(gate: Gate) -> None:
    code = await gate.code(await gate.coordinator())

    answer = await gate.http.post("/devices", json={"code": code.lower().replace("-", " ")})

    assert answer.status_code == 201
    assert answer.json()["ward"] == CHO_LON


async def test_code_lets_in_one_phone_only(gate: Gate) -> None:
    code = await gate.code(await gate.coordinator())
    await gate.http.post("/devices", json={"code": code})

    answer = await gate.http.post("/devices", json={"code": code})

    assert told(answer) == "code_not_valid"


async def test_code_expires_after_ten_minutes(gate: Gate) -> None:
    code = await gate.code(await gate.coordinator())

    gate.later(minutes=10)

    assert told(await gate.http.post("/devices", json={"code": code})) == "code_not_valid"


async def test_guessing_codes_is_slowed_down(gate: Gate) -> None:
    guess = {"code": "BCG-HKL-MNP-QTU"}

    answers = [await gate.http.post("/devices", json=guess) for _ in range(21)]

    assert {told(answer) for answer in answers[:20]} == {"code_not_valid"}
    assert told(answers[20]) == "too_many_requests"
    gate.later(seconds=float(answers[20].headers["Retry-After"]))
    assert told(await gate.http.post("/devices", json=guess)) == "code_not_valid"


async def test_right_code_passes_beside_those_who_guess(gate: Gate) -> None:
    code = await gate.code(await gate.coordinator())
    for n in range(50):
        await gate.http.post("/devices", json={"code": f"BCG-HKL-MNP-Q{n}"})

    assert told(await gate.http.post("/devices", json={"code": code})) == "201"


async def test_code_has_more_bits_than_can_be_guessed_while_it_lasts(gate: Gate) -> None:
    code = await gate.code(await gate.coordinator())

    assert len(CODE_LETTERS) ** len(code.replace("-", "")) > 2**44


NONCE = "f" * 22


async def test_phone_whose_answer_was_lost_comes_again_as_the_same(gate: Gate) -> None:
    by = await gate.coordinator()
    asked = {"code": await gate.code(by), "nonce": NONCE}
    lost = (await gate.http.post("/devices", json=asked)).json()

    heard = (await gate.http.post("/devices", json=asked)).json()

    assert heard["device_id"] == lost["device_id"]
    assert len((await gate.http.get("/devices", headers=by)).json()["items"]) == 1
    assert await gate.code_of("GET", "/teams", authorization(heard["token"])) == "200"
    assert await gate.code_of("GET", "/teams", authorization(lost["token"])) == "unauthenticated"


@pytest.mark.parametrize("nonce", ["", "g" * 22, "f" * 23])
async def test_another_phone_is_not_let_in_by_a_used_code(gate: Gate, nonce: str) -> None:
    code = await gate.code(await gate.coordinator())
    first = (await gate.http.post("/devices", json={"code": code, "nonce": NONCE})).json()

    answer = await gate.http.post("/devices", json={"code": code, "nonce": nonce})

    assert told(answer) == "code_not_valid"
    assert await gate.code_of("GET", "/teams", authorization(first["token"])) == "200"


async def test_phone_without_a_nonce_is_let_in_once(gate: Gate) -> None:
    code = await gate.code(await gate.coordinator())
    await gate.http.post("/devices", json={"code": code})

    for nonce in ("", NONCE):
        answer = await gate.http.post("/devices", json={"code": code, "nonce": nonce})
        assert told(answer) == "code_not_valid"


async def test_phone_comes_again_only_while_its_code_lasts(gate: Gate) -> None:
    asked = {"code": await gate.code(await gate.coordinator()), "nonce": NONCE}
    await gate.http.post("/devices", json=asked)

    gate.later(minutes=10)

    assert told(await gate.http.post("/devices", json=asked)) == "code_not_valid"


async def test_revoked_phone_does_not_come_again(gate: Gate) -> None:
    by = await gate.coordinator()
    asked = {"code": await gate.code(by), "nonce": NONCE}
    device = (await gate.http.post("/devices", json=asked)).json()["device_id"]
    await gate.http.delete(f"/devices/{device}", headers=by)

    assert told(await gate.http.post("/devices", json=asked)) == "code_not_valid"


async def test_phone_that_asks_twice_at_once_is_one_device(gate: Gate) -> None:
    by = await gate.coordinator()
    asked = {"code": await gate.code(by), "nonce": NONCE}

    answers = await asyncio.gather(*(gate.http.post("/devices", json=asked) for _ in range(5)))

    assert len({answer.json()["device_id"] for answer in answers}) == 1


async def test_code_is_drawn_for_a_camera_until_it_is_used(gate: Gate) -> None:
    by = await gate.coordinator()
    made = (await gate.http.post("/enrolments", json={"team_id": TEAM}, headers=by)).json()
    qr = f"/enrolments/{made['enrolment_id']}/qr"

    drawn = await gate.http.get(qr, headers=by)

    assert drawn.headers["content-type"] == "image/svg+xml"
    assert drawn.text.startswith("<svg")
    assert made["code"] not in drawn.text
    await gate.http.post("/devices", json={"code": made["code"]})
    assert told(await gate.http.get(qr, headers=by)) == "code_not_valid"


async def test_coordinator_lets_in_no_phone_of_another_wards_team(gate: Gate) -> None:
    gate.form_team("team-2", ward=HOA_HUNG)
    by = await gate.coordinator(CHO_LON)

    answer = await gate.http.post("/enrolments", json={"team_id": "team-2"}, headers=by)

    assert told(answer) == "forbidden"


@pytest.mark.parametrize(
    ("team", "code"), [("team-nowhere", "not_found"), ("team-over", "team_ended")]
)
async def test_only_a_team_that_exists_takes_phones(gate: Gate, team: str, code: str) -> None:
    gate.form_team("team-over", disbanded_on="2026-01-31")
    by = await gate.coordinator()

    answer = await gate.http.post("/enrolments", json={"team_id": team}, headers=by)

    assert told(answer) == code


async def test_phone_makes_no_codes(gate: Gate) -> None:
    phone = await gate.phone(await gate.coordinator())

    answer = await gate.http.post("/enrolments", json={"team_id": TEAM}, headers=phone)

    assert told(answer) == "forbidden"


async def test_what_a_revoked_phone_had_queued_is_refused_by_name(gate: Gate) -> None:
    by = await gate.coordinator()
    device = await gate.device(by)
    phone = {"Authorization": f"Bearer {device['token']}"}
    visit = event(CitizenAssisted, team_id=TEAM)
    assert (await gate.post(visit, phone)).covers

    await gate.http.delete(f"/devices/{device['device_id']}", headers=by)

    verdict = await gate.post(visit, phone)
    assert (verdict.covers, verdict.code) == (False, "device_revoked")
    assert verdict.source == device["source"]


async def test_ward_admits_what_a_revoked_phone_had_queued(gate: Gate) -> None:
    by = await gate.coordinator()
    device = await gate.device(by)
    visit = event(CitizenAssisted, team_id=TEAM, envelope={"source": device["source"]})
    await gate.http.delete(f"/devices/{device['device_id']}", headers=by)

    verdict = await gate.post(visit, by)

    assert verdict.covers
    assert verdict.may_post


async def test_revoked_phone_reads_nothing(gate: Gate) -> None:
    by = await gate.coordinator()
    device = await gate.device(by)
    phone = {"Authorization": f"Bearer {device['token']}"}
    await gate.http.delete(f"/devices/{device['device_id']}", headers=by)

    assert await gate.code_of("GET", "/teams", phone) == "unauthenticated"
    answer = await gate.http.post("/tokens", json={"audience": "reporting"}, headers=phone)
    assert told(answer) == "unauthenticated"


async def test_coordinator_sees_the_phones_of_their_ward_only(gate: Gate) -> None:
    gate.form_team("team-2", ward=HOA_HUNG)
    cho_lon, hoa_hung = await gate.coordinator(CHO_LON), await gate.coordinator(HOA_HUNG)
    device = await gate.device(cho_lon)
    await gate.device(hoa_hung, "team-2")

    listed = (await gate.http.get("/devices", headers=cho_lon)).json()["items"]

    assert [found["id"] for found in listed] == [device["device_id"]]
    assert await gate.code_of("GET", f"/devices?ward={HOA_HUNG}", cho_lon) == "forbidden"


async def test_coordinator_revokes_no_phone_of_another_ward(gate: Gate) -> None:
    device = await gate.device(await gate.coordinator(CHO_LON))
    other = await gate.coordinator(HOA_HUNG)

    told_other = await gate.code_of("DELETE", f"/devices/{device['device_id']}", other)

    assert told_other == "not_found"


async def test_phone_that_posts_too_fast_is_told_when_to_go_on(gate: Gate) -> None:
    slow = Gate(Settings(device_rate=1.0))
    phone = await slow.phone(await slow.coordinator())
    for _ in range(4):
        assert await slow.code_of("POST", "/events", phone) == "200"

    answer = await slow.http.post("/events", headers=phone)

    assert told(answer) == "too_many_requests"
    slow.later(seconds=float(answer.headers["Retry-After"]))
    assert await slow.code_of("POST", "/events", phone) == "200"


async def test_phone_is_looked_up_once_in_five_seconds(gate: Gate) -> None:
    phone = await gate.phone(await gate.coordinator())

    for _ in range(10):
        await gate.code_of("POST", "/events", phone)

    assert gate.store.tokens.reads == 1
    gate.later(seconds=5)
    await gate.code_of("POST", "/events", phone)
    assert gate.store.tokens.reads == 2


async def test_phone_records_nothing_from_before_it_was_enrolled(gate: Gate) -> None:
    phone = await gate.phone(await gate.coordinator())
    heard = gate.now + timedelta(hours=1)
    early, now = gate.now - timedelta(days=400), gate.now

    before = await gate.post(event(CitizenAssisted, team_id=TEAM, at=early, recorded=heard), phone)
    after = await gate.post(event(CitizenAssisted, team_id=TEAM, at=now, recorded=heard), phone)

    assert (before.covers, before.code) == (False, "before_enrolment")
    assert after.covers
