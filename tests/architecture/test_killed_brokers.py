"""A broker is killed once it would find its queues again, however fast the test was until then."""

import ast
from pathlib import Path

import pytest

TESTS = Path(__file__).parents[1]
BROKERS = ("faulty_broker", "node")


def kills_a_broker(module: ast.Module) -> bool:
    """Calls `faulty_broker.kill()`, or of another name for one."""
    return any(f"{name}.kill" in _called(module) for name in BROKERS)


def _called(module: ast.Module) -> set[str]:
    calls = (node for node in ast.walk(module) if isinstance(node, ast.Call))
    return {ast.unparse(call.func) for call in calls}


KILLING = [
    path
    for path in sorted(TESTS.rglob("test_*.py"))
    if kills_a_broker(ast.parse(path.read_text(encoding="utf-8")))
]


@pytest.mark.parametrize("path", KILLING, ids=lambda path: str(path.relative_to(TESTS)))
def test_queues_are_on_the_disk_before_their_broker_is_killed(path: Path) -> None:
    assert "remembers" in _called(ast.parse(path.read_text(encoding="utf-8")))


def test_tests_that_kill_brokers_are_found() -> None:
    assert len(KILLING) >= 4
