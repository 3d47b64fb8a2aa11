"""A minute of the storm: nothing is lost, nothing counts twice, nothing is claimed too early."""

from tests.faults.storm.storm import rage
from tests.faults.storm.world import world


def test_a_minute_of_storm_breaks_no_promise(real_processes: None, fault_seed: int) -> None:
    with world() as storm:
        outcome = rage(storm, seconds=60, seed=fault_seed, longest_s=6)

    assert outcome.holds, f"{outcome.table()}\n{outcome.false_claims}"
    assert outcome.acknowledged > 0
    assert outcome.claims > 0
