"""Rules of the six rooms that a linter of imports cannot say."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

SERVICES = Path(__file__).parents[2] / "services"
MODULES = sorted(SERVICES.rglob("*.py"))
RULES = sorted((SERVICES / "registration").glob("*/rules.py"))
MORE_THAN_A_SLICE = {"citizens", "directory", "requests"}
"""Rooms that keep and show more than the rows of one kind."""
SLICES = sorted({path.parent.name for path in RULES} - MORE_THAN_A_SLICE)


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def name(path: Path) -> str:
    return ".".join(path.relative_to(SERVICES.parent).with_suffix("").parts)


@cache
def nodes(path: Path) -> tuple[ast.AST, ...]:
    """All of a module's, walked once for the rules that look at each."""
    return tuple(ast.walk(tree(path)))


def imports(path: Path) -> Iterator[str]:
    for node in nodes(path):
        if isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
        elif isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)


@pytest.mark.parametrize("path", RULES, ids=name)
def test_rules_import_events_and_the_shape_of_a_subject_only(path: Path) -> None:
    own = name(path).rpartition(".")[0]
    allowed = (
        "services.events.",
        "services.registration.subjects.actor",
        "services.registration.subjects.belonging",
        "services.registration.subjects.owners",
        "services.registration.subjects.problems",
        "services.registration.subjects.subject",
        "services.platform.problems",
        "services.platform.vietnam.wards",
        f"{own}.problems",
    )

    ours = [module for module in imports(path) if module.startswith("services.")]

    assert [module for module in ours if not module.startswith(allowed)] == []


@pytest.mark.parametrize("path", RULES, ids=name)
def test_rules_wait_for_nothing_and_ask_nobody_the_time(path: Path) -> None:
    waiting = (ast.AsyncFunctionDef, ast.Await, ast.AsyncFor, ast.AsyncWith)
    asked = {"now", "utcnow", "today", "time", "monotonic"}

    for node in nodes(path):
        assert not isinstance(node, waiting)
        assert not (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and node.func.attr in asked
        )


@pytest.mark.parametrize("slice_", SLICES)
def test_a_slice_has_the_same_file_names_as_every_other(slice_: str) -> None:
    files = {path.name for path in (SERVICES / "registration" / slice_).glob("*.py")}

    assert {"__init__.py", "rules.py"} <= files
    assert files <= {"__init__.py", "rules.py", "api.py", "store.py", "problems.py"}


def test_a_module_fits_on_a_few_screens() -> None:
    catalogue = SERVICES / "events" / "codes.py"
    long = {
        name(path): lines
        for path in MODULES
        if (lines := len(path.read_text(encoding="utf-8").splitlines())) > 300 and path != catalogue
    }

    assert long == {}


def test_nothing_connects_or_asks_the_time_when_it_is_imported() -> None:
    asked = {"now", "utcnow", "today", "connect", "connect_robust", "AsyncIOMotorClient"}

    eager = [
        name(path)
        for path in MODULES
        for statement in tree(path).body
        if isinstance(statement, ast.Assign | ast.AnnAssign | ast.Expr)
        for node in ast.walk(statement)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in asked
    ]

    assert eager == []


def test_what_is_observed_is_never_read_back_by_a_slice() -> None:
    for slice_ in ("households", "assistance", "signatures"):
        files = {path.name for path in (SERVICES / "registration" / slice_).glob("*.py")}
        assert files == {"__init__.py", "rules.py"}
