"""An act that gives a secret can be sent again when its answer was lost."""

from typing import Any

import pytest

from services.registration.subjects.actor import Role
from tests.builders import CHO_LON
from tests.registration.access.gate import TEAM, Gate, told

KEY = {"Idempotency-Key": "0d1f0a52-7b1e"}
INTEGRATOR = {
    "kind": "integrator",
    "name": "Cổng",
    "types": ["signature.issued.v1"],
    "valid_to": "2026-12-31",
}
COMMANDS: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "/keys": (INTEGRATOR, INTEGRATOR | {"name": "Cổng khác"}),
    "/users": (
        {"name": "cholon.moi", "role": "ward", "wards": [CHO_LON]},
        {"name": "cholon.khac", "role": "ward", "wards": [CHO_LON]},
    ),
    "/enrolments": ({"team_id": TEAM}, {"team_id": TEAM, "label": "2"}),
}


@pytest.mark.parametrize("path", COMMANDS)
async def test_command_under_one_key_is_done_once(gate: Gate, path: str) -> None:
    by, (wanted, _) = await gate.admin() | KEY, COMMANDS[path]

    first = await gate.http.post(path, json=wanted, headers=by)
    again = await gate.http.post(path, json=wanted, headers=by)

    assert told(first) == "201"
    assert (again.status_code, again.json()) == (201, first.json())
    assert again.headers["cache-control"] == "no-store"


@pytest.mark.parametrize("path", COMMANDS)
async def test_one_key_is_for_one_command(gate: Gate, path: str) -> None:
    by, (wanted, other) = await gate.admin() | KEY, COMMANDS[path]
    await gate.http.post(path, json=wanted, headers=by)

    answer = await gate.http.post(path, json=other, headers=by)

    assert (answer.status_code, told(answer)) == (409, "idempotency_key_reused")


@pytest.mark.parametrize("path", COMMANDS)
async def test_two_people_may_choose_the_same_key(gate: Gate, path: str) -> None:
    one, other = await gate.admin() | KEY, await gate.bearer("quantri.2", Role.ADMIN) | KEY
    wanted, another = COMMANDS[path]
    first = await gate.http.post(path, json=wanted, headers=one)

    second = await gate.http.post(path, json=another, headers=other)

    assert told(second) == "201"
    assert second.json() != first.json()


@pytest.mark.parametrize("key", ["", "short", "k" * 201, "with space", "khóa-của-tôi"])
async def test_key_that_is_none_is_refused(gate: Gate, key: str) -> None:
    by = await gate.admin()
    headers = {name.encode(): value.encode() for name, value in by.items()}
    headers[b"Idempotency-Key"] = key.encode()

    answer = await gate.http.post("/enrolments", json={"team_id": TEAM}, headers=headers)

    assert told(answer) == "invalid_request"


async def test_command_that_was_refused_may_be_sent_again_under_its_key(gate: Gate) -> None:
    by = await gate.admin() | KEY
    missing = await gate.http.post("/enrolments", json={"team_id": "team-9"}, headers=by)
    gate.form_team("team-9")

    answer = await gate.http.post("/enrolments", json={"team_id": "team-9"}, headers=by)

    assert (told(missing), told(answer)) == ("not_found", "201")
