"""Labels and names of machines and offices hold nobody's number."""

import pytest

from tests.builders import CHO_LON
from tests.registration.access.gate import TEAM, Gate, told

NUMBERS = ["0900000001", "079000000001", "900000001"]


@pytest.mark.parametrize("number", NUMBERS)
async def test_nothing_that_staff_name_is_named_by_a_number(gate: Gate, number: str) -> None:
    ward, admin = await gate.coordinator(), await gate.admin()
    key = {"kind": "integrator", "types": ["citizen.assisted.v1"], "valid_to": "2026-12-31"}
    user = {"role": "ward", "wards": [CHO_LON]}
    asked = [
        ("/enrolments", {"team_id": TEAM, "label": f"Lan {number}"}, ward),
        ("/keys", {**key, "name": f"Lan {number}"}, admin),
        ("/users", {**user, "name": f"lan.{number}"}, admin),
    ]

    for path, body, by in asked:
        assert told(await gate.http.post(path, json=body, headers=by)) == "invalid_request", path
