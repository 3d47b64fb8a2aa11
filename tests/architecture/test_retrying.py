"""Nobody invents a retry of its own: one that is not cancelled, never grows, or falls into step."""

import ast
from pathlib import Path

import pytest

SERVICES = Path(__file__).parents[2] / "services"
OWN = {
    SERVICES / "platform" / "retry.py",
    SERVICES / "notify" / "smpp" / "keeper.py",  # the SMPP client could stand alone
}
MODULES = sorted(path for path in SERVICES.rglob("*.py") if path not in OWN)


def sleeps_after_failures(loop: ast.While | ast.For | ast.AsyncFor) -> bool:
    """Whether a turn of the loop goes well or fails, and the next one is slept for."""
    nodes = [node for statement in loop.body for node in ast.walk(statement)]
    catches = any(isinstance(node, ast.Try) and node.handlers for node in nodes)
    sleeps = any(
        isinstance(node, ast.Call) and ast.unparse(node.func).endswith("sleep") for node in nodes
    )
    return catches and sleeps


def loops(source: str) -> list[ast.While | ast.For | ast.AsyncFor]:
    return [
        node
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.While | ast.For | ast.AsyncFor)
    ]


@pytest.mark.parametrize(
    "path", MODULES, ids=lambda path: str(path.relative_to(SERVICES).with_suffix(""))
)
def test_only_one_module_sleeps_in_a_loop_around_an_exception(path: Path) -> None:
    own = [loop.lineno for loop in loops(path.read_text("utf-8")) if sleeps_after_failures(loop)]

    assert own == [], "platform/retry.py has `retry`, `every` and `Backoff`"


def test_a_retry_of_ones_own_is_recognised() -> None:
    [loop] = loops(
        """
async def prepare():
    while True:
        try:
            return await connect()
        except OSError:
            await asyncio.sleep(2)
"""
    )

    assert sleeps_after_failures(loop)
