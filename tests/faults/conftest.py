"""What the faults are drawn from."""

import os
import secrets

import pytest


@pytest.fixture
def fault_seed(request: pytest.FixtureRequest) -> int:
    """Drawn anew for each test, and shown with its failure, to be set when that is looked into."""
    seed = int(os.environ.get("TUNGNGO_FAULT_SEED") or secrets.randbelow(1 << 32))
    request.node.add_report_section("setup", "seed", f"TUNGNGO_FAULT_SEED={seed}")
    return seed
