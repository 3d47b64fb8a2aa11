"""`python -m tests.faults.storm`: prints the table, and ends with 1 where a promise broke."""

import argparse
import secrets
import sys

from tests.faults.storm.storm import rage
from tests.faults.storm.world import world

if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m tests.faults.storm")
    parser.add_argument("--seconds", type=float, default=900)
    parser.add_argument("--longest", type=float, default=30, help="seconds that a trouble lasts")
    parser.add_argument("--seed", type=int, default=secrets.randbelow(1 << 32))
    asked = parser.parse_args()
    with world() as found:
        outcome = rage(found, seconds=asked.seconds, seed=asked.seed, longest_s=asked.longest)
    sys.stdout.write("\n".join((outcome.table(), *outcome.false_claims, "")))
    sys.exit(not outcome.holds)
