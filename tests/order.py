"""Which tests are run first: the quick ones by one process, the long ones by several."""

import pytest

LONGEST = (
    "tests/faults/test_storm.py",
    "tests/faults/test_kills.py",
    "tests/demo",
    "tests/pipeline",
    "tests/openapi",
    "tests/local/test_up.py",
    "tests/deploy/test_runbook.py",
    "tests/upgrade",
    "tests/bench",
    "tests/notify/smpp",
    "tests/notify/test_killed_dispatch.py",
    "tests/browser",
)


def quick_first(item: pytest.Item) -> bool:
    """What is wrong is mostly seen without any server."""
    return not _is_unit(item)


def longest_first(item: pytest.Item) -> int:
    """So that no worker sits over a long file when all others are done."""
    if _is_unit(item):
        return len(LONGEST) + 1
    named = (turn for turn, path in enumerate(LONGEST) if item.nodeid.startswith(path))
    return next(named, len(LONGEST))


def _is_unit(item: pytest.Item) -> bool:
    return item.get_closest_marker("unit") is not None
