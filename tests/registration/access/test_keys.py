"""Keys of other systems and of kiosks, and the short tokens of whoever reads."""

from datetime import datetime, timedelta

import pytest

from services.events.assistance import CitizenAssisted
from services.events.corrections import EventVoided
from services.events.signatures import SignatureIssued
from services.platform.access.auth import verify
from services.platform.problems import Problem
from services.registration.subjects.actor import Role
from tests.builders import CHO_LON, HOA_HUNG, event
from tests.registration.access.gate import NOW, Gate, authorization, key_pair, told

INTEGRATOR: dict[str, object] = {
    "kind": "integrator",
    "name": "Cổng dịch vụ",
    "types": ["signature.issued.v1"],
    "wards": [CHO_LON],
    "valid_to": "2026-12-31",
}
KIOSK: dict[str, object] = {
    "kind": "kiosk",
    "name": "Kiosk 1",
    "wards": [CHO_LON],
    "service_point_id": "point-1",
    "valid_to": "2026-12-31",
}


async def key(gate: Gate, wanted: dict[str, object], by: dict[str, str]) -> tuple[str, str]:
    """Id and token."""
    answer = await gate.http.post("/keys", json=wanted, headers=by)
    assert answer.status_code == 201, answer.text
    return answer.json()["key"]["id"], answer.json()["token"]


async def test_integrator_records_what_its_key_lists(gate: Gate) -> None:
    id_, token = await key(gate, INTEGRATOR, await gate.admin())

    verdict = await gate.post(event(SignatureIssued), authorization(token))

    assert verdict.covers
    assert (verdict.source, verdict.role) == (f"/integrator/{id_}", Role.INTEGRATOR)


async def test_integrator_records_nothing_that_its_key_does_not_list(gate: Gate) -> None:
    _, token = await key(gate, INTEGRATOR, await gate.admin())
    by = authorization(token)

    assert not (await gate.post(event(CitizenAssisted), by)).covers
    assert not (await gate.post(event(SignatureIssued, ward=HOA_HUNG), by)).covers
    assert (await gate.post(event(EventVoided), by)).covers
    assert not (await gate.post(event(EventVoided, ward=HOA_HUNG), by)).covers


async def test_key_without_wards_covers_the_city(gate: Gate) -> None:
    _, token = await key(gate, {**INTEGRATOR, "wards": None}, await gate.admin())

    assert (await gate.post(event(SignatureIssued, ward=HOA_HUNG), authorization(token))).covers


async def test_key_works_to_the_end_of_its_last_day(gate: Gate) -> None:
    today = {**INTEGRATOR, "valid_to": "2026-11-20"}
    _, token = await key(gate, today, await gate.admin())
    by, visit = authorization(token), event(SignatureIssued, at=NOW)

    gate.later(hours=14, minutes=59)  # 23:59 in the city
    assert (await gate.post(visit, by)).covers
    gate.later(minutes=1)

    assert (await gate.post(visit, by)).code == "key_ended"
    assert await gate.code_of("GET", "/teams", by) == "unauthenticated"


async def test_event_after_the_last_day_is_out_of_scope_whenever_it_comes(gate: Gate) -> None:
    _, token = await key(gate, INTEGRATOR, await gate.admin())
    new_year = datetime.fromisoformat("2027-01-01T00:00:00+07:00")
    by = authorization(token)

    assert not (await gate.post(event(SignatureIssued, at=new_year), by)).covers
    last = new_year - timedelta(seconds=1)
    assert (await gate.post(event(SignatureIssued, at=last), by)).covers


async def test_what_a_revoked_key_had_queued_is_refused_by_name(gate: Gate) -> None:
    admin = await gate.admin()
    id_, token = await key(gate, INTEGRATOR, admin)
    by = authorization(token)
    assert (await gate.post(event(SignatureIssued), by)).covers

    assert await gate.code_of("DELETE", f"/keys/{id_}", admin) == "204"

    assert (await gate.post(event(SignatureIssued), by)).code == "key_revoked"
    assert await gate.code_of("GET", "/teams", by) == "unauthenticated"


async def test_kiosk_records_at_its_own_point(gate: Gate) -> None:
    gate.place("service_point", "point-1")
    id_, token = await key(gate, KIOSK, await gate.coordinator())
    by = authorization(token)

    verdict = await gate.post(event(CitizenAssisted, service_point_id="point-1"), by)

    assert verdict.covers
    assert (verdict.source, verdict.role) == (f"/device/{id_}", Role.KIOSK)
    assert not (await gate.post(event(CitizenAssisted, service_point_id="point-2"), by)).covers
    assert not (await gate.post(event(CitizenAssisted), by)).covers
    elsewhere = event(CitizenAssisted, service_point_id="point-1", ward=HOA_HUNG)
    assert not (await gate.post(elsewhere, by)).covers


@pytest.mark.parametrize(
    ("change", "told_code", "pointer"),
    [
        ({"types": ["citizen.praised.v1"]}, "invalid_request", "/body/integrator/types/0"),
        ({"types": []}, "invalid_request", "/body/integrator/types"),
        ({"wards": ["99999"]}, "no_such_ward", "/body/wards/0"),
        ({"valid_to": "2026-11-19"}, "key_day_out_of_range", "/body/valid_to"),
        ({"valid_to": "9999-12-31"}, "key_day_out_of_range", "/body/valid_to"),
        ({"kind": "public"}, "invalid_request", "/body"),
        ({**KIOSK, "types": ["citizen.assisted.v1"]}, "invalid_request", "/body/kiosk/types"),
    ],
)
async def test_key_must_make_sense(
    gate: Gate, change: dict[str, object], told_code: str, pointer: str
) -> None:
    admin = await gate.admin()

    answer = await gate.http.post("/keys", json={**INTEGRATOR, **change}, headers=admin)

    assert told(answer) == told_code
    assert answer.json()["pointer"] == pointer


async def test_kiosk_stands_at_a_point_of_its_ward(gate: Gate) -> None:
    gate.place("service_point", "point-1", ward=HOA_HUNG)
    admin = await gate.admin()

    elsewhere = await gate.http.post("/keys", json=KIOSK, headers=admin)
    nowhere = await gate.http.post(
        "/keys", json={**KIOSK, "service_point_id": "point-9"}, headers=admin
    )

    assert [told(elsewhere), told(nowhere)] == ["point_elsewhere", "not_found"]


async def test_ward_gives_keys_to_its_kiosks_alone(gate: Gate) -> None:
    gate.place("service_point", "point-1")
    cho_lon, hoa_hung = await gate.coordinator(CHO_LON), await gate.coordinator(HOA_HUNG)
    id_, _ = await key(gate, KIOSK, cho_lon)

    assert told(await gate.http.post("/keys", json=INTEGRATOR, headers=cho_lon)) == "forbidden"
    assert told(await gate.http.post("/keys", json=KIOSK, headers=hoa_hung)) == "forbidden"
    assert await gate.code_of("DELETE", f"/keys/{id_}", hoa_hung) == "not_found"
    assert (await gate.http.get("/keys", headers=hoa_hung)).json()["items"] == []
    listed = await gate.http.get("/keys", headers=cho_lon)
    assert [found["id"] for found in listed.json()["items"]] == [id_]
    assert listed.json()["items"][0]["valid_to"] == "2026-12-31"
    assert "tnk_" not in listed.text


async def test_coordinator_gets_a_token_for_the_figures_of_their_wards(gate: Gate) -> None:
    by = await gate.coordinator(CHO_LON)

    answer = await gate.http.post("/tokens", json={"audience": "reporting"}, headers=by)

    reader = verify(answer.json()["token"], "reporting", key_pair()[1], gate.now)
    assert reader.role == "ward"
    assert reader.may_read(CHO_LON)
    assert not reader.may_read(HOA_HUNG)


async def test_centre_gets_a_token_for_the_whole_city(gate: Gate) -> None:
    by = await gate.bearer("trungtam", Role.CENTRE)

    answer = await gate.http.post("/tokens", json={"audience": "notify"}, headers=by)

    assert verify(answer.json()["token"], "notify", key_pair()[1], gate.now).wards is None


async def test_phone_gets_a_token_for_its_own_tally(gate: Gate) -> None:
    device = await gate.device(await gate.coordinator())

    answer = await gate.http.post(
        "/tokens", json={"audience": "reporting"}, headers=authorization(device["token"])
    )

    reader = verify(answer.json()["token"], "reporting", key_pair()[1], gate.now)
    assert (reader.source, reader.role) == (device["source"], "volunteer")
    assert reader.may_read(CHO_LON)
    assert not reader.may_read(HOA_HUNG)


async def test_token_is_good_for_five_minutes_and_one_service(gate: Gate) -> None:
    by = await gate.coordinator()
    answer = await gate.http.post("/tokens", json={"audience": "reporting"}, headers=by)
    token = answer.json()["token"]

    assert answer.headers["Cache-Control"] == "no-store"
    with pytest.raises(Problem, match="unauthenticated"):
        verify(token, "notify", key_pair()[1], gate.now)
    with pytest.raises(Problem, match="unauthenticated"):
        verify(token, "reporting", key_pair()[1], gate.now + timedelta(minutes=5))


async def test_token_is_for_a_service_that_exists(gate: Gate) -> None:
    by = await gate.coordinator()

    answer = await gate.http.post("/tokens", json={"audience": "payroll"}, headers=by)

    assert told(answer) == "invalid_request"
