"""A minute of the storm: nothing is lost, nothing counts twice, nothing is claimed too early."""

import os
import secrets

import pytest

from tests.faults.storm.storm import rage
from tests.faults.storm.world import world

SEED = int(os.environ.get("TUNGNGO_FAULT_SEED") or secrets.randbelow(1 << 32))


@pytest.mark.parametrize("seed", [pytest.param(SEED, id=f"TUNGNGO_FAULT_SEED={SEED}")])
def test_a_minute_of_storm_breaks_no_promise(real_processes: None, seed: int) -> None:
    with world() as storm:
        outcome = rage(storm, seconds=60, seed=seed, longest_s=6)

    assert outcome.holds, f"{outcome.table()}\n{outcome.false_claims}"
    assert outcome.acknowledged > 0
    assert outcome.claims > 0
