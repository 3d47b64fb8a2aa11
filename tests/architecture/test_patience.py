"""No test has a deadline of its own: how fast a machine is decides nothing."""

import ast
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import pytest

TESTS = Path(__file__).parents[1]
PATIENT = {TESTS / "eventually.py", TESTS / "calls.py"}
STORM = TESTS / "faults" / "storm"
"""It lasts so long as it is told; what it waits for, it waits for with the patience of all."""
MODULES = sorted(
    path for path in TESTS.rglob("*.py") if path not in PATIENT and STORM not in path.parents
)
CLOCKS = {
    "asyncio.timeout",
    "asyncio.timeout_at",
    "asyncio.wait_for",
    "time.sleep",
    "time.time",
    "time.monotonic",
    "time.perf_counter",
}
WITHIN = {"response_s", "publish_timeout_s", "timeout_s", "ttl_s", "quiet_s", "lease_s"}
"""Settings of our parts within which something must answer; see SILENCE_S."""
WAITED_OUT = {"patience_s", "farewell_s", "busy_patience_s", "turn_s"}
"""And those that a test lets pass: short ones it may name."""
ENVIRONMENT = ("_TIMEOUT_S", "_RESPONSE_S", "_PATIENCE_S", "_LEASE_S")
EXCEPTIONS = {
    "asyncio.sleep(0.02)": "an answer that drips does so in time",
    "MongoLease(ttl_s=1)": "a lease that is lost to a slow machine only duplicates",
    "MongoLease(ttl_s=10)": "by a clock that the test turns",
    "MongoRowStore(timeout_s=0.2)": "nobody is there to answer",
    "provider_of(timeout_s=0.3)": "what is waited for never comes",
}


class SpelledOut(ast.NodeTransformer):
    """A module's own constants as the numbers that they are."""

    def __init__(self, module: ast.Module) -> None:
        self._numbers = {
            ast.unparse(statement.targets[0]): statement.value
            for statement in module.body
            if isinstance(statement, ast.Assign) and _is_number(statement.value, 0)
        }

    def visit_Name(self, name: ast.Name) -> ast.expr:  # as ast calls it
        return self._numbers.get(name.id, name) if isinstance(name.ctx, ast.Load) else name


@cache
def calls(path: Path) -> list[ast.Call]:
    module = ast.parse(path.read_text(encoding="utf-8"))
    spelled_out = SpelledOut(module).visit(module)
    return [node for node in ast.walk(spelled_out) if isinstance(node, ast.Call)]


@cache
def called_by(call: ast.Call) -> str:
    """Such as `asyncio.timeout`."""
    return ast.unparse(call.func)


def name(path: Path) -> str:
    return str(path.relative_to(TESTS))


def own_clocks(call: ast.Call) -> Iterator[str]:
    """`asyncio.timeout(5)`, a sleep, `pytest.mark.timeout(60)`."""
    called = called_by(call)
    if called in CLOCKS or (called == "asyncio.sleep" and not _is_number(call.args[0], 0, 0)):
        yield ast.unparse(call)
    if called == "pytest.mark.timeout" and not _is_name(call.args[0]):
        yield ast.unparse(call)


def own_deadlines(call: ast.Call) -> Iterator[str]:
    """`timeout=30`, `process.wait(45)`, `response_s=0.2`, NOTIFY_LEASE_S="4"."""
    called = called_by(call).rpartition(".")[2]
    if called in {"wait", "join"} and call.args and _is_number(call.args[0]):
        yield ast.unparse(call)
    for keyword in call.keywords:
        if _is_deadline(keyword.arg or "", keyword.value):
            yield f"{called}({ast.unparse(keyword)})"


def own_calls(call: ast.Call) -> Iterator[str]:
    """httpx gives up after five seconds, and prepares TLS for each call; see tests/calls.py."""
    told = {keyword.arg for keyword in call.keywords}
    module, _, called = called_by(call).rpartition(".")
    asks = {"get", "post", "put", "delete", "request", "Client", "AsyncClient"}
    if module == "httpx" and called in asks and "transport" not in told:
        yield ast.unparse(call)


def found_in(path: Path) -> list[str]:
    looking = (own_clocks, own_deadlines, own_calls)
    return [own for call in calls(path) for look in looking for own in look(call)]


@pytest.mark.parametrize("path", MODULES, ids=name)
def test_a_test_waits_with_the_patience_of_all(path: Path) -> None:
    assert [own for own in found_in(path) if own not in EXCEPTIONS] == []


def test_no_exception_outlives_its_need() -> None:
    assert {own for path in MODULES for own in found_in(path)} >= EXCEPTIONS.keys()


@pytest.mark.parametrize(
    ("look", "text"),
    [
        (own_clocks, "asyncio.timeout(5)"),
        (own_clocks, "asyncio.sleep(0.1)"),
        (own_clocks, "pytest.mark.timeout(240)"),
        (own_deadlines, "queue.get(timeout=5)"),
        (own_deadlines, "process.wait(45)"),
        (own_deadlines, "open_session(smsc, response_s=0.2)"),
        (own_deadlines, "client.submit(sms, patience_s=5.0)"),
        (own_deadlines, 'notify_process(url, NOTIFY_LEASE_S="4")'),
        (own_calls, "httpx.get(url, timeout=PATIENCE_S)"),
    ],
)
def test_a_deadline_of_a_tests_own_is_seen(
    look: Callable[[ast.Call], Iterator[str]], text: str
) -> None:
    call = ast.parse(text, mode="eval").body

    assert isinstance(call, ast.Call)
    assert list(look(call))


def _is_deadline(told: str, value: ast.expr) -> bool:
    if told == "timeout" or told in WITHIN:
        return _is_number(value)
    if told in WAITED_OUT:
        return _is_number(value, least=1)
    return told.endswith(ENVIRONMENT) and isinstance(value, ast.Constant)


def _is_number(node: ast.expr, least: float = 1e-9, most: float = float("inf")) -> bool:
    value = node.value if isinstance(node, ast.Constant) else None
    return isinstance(value, int | float) and least <= value <= most


def _is_name(node: ast.expr) -> bool:
    return isinstance(node, ast.Name)
