"""No store is forgotten by an erasure."""

import ast
from collections.abc import Iterator

import pytest

from services.platform.personal_data.erasures import ASKED, LEFT
from tests.architecture.test_rooms import MODULES, tree

DATABASE = {"database", "_database"}
"""What a database is called wherever a collection of it is named."""


def named_in(module: ast.Module) -> Iterator[str]:
    """Collections: `Table("words", …)`, `database["words"]`, also by a constant of the module."""
    constants = {
        target.id: node.value.value
        for node in module.body
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant)
        for target in node.targets
        if isinstance(target, ast.Name)
    }
    for node in ast.walk(module):
        named = _naming(node)
        if isinstance(named, ast.Constant):
            yield str(named.value)
        elif isinstance(named, ast.Name) and named.id in constants:
            yield str(constants[named.id])


def _naming(node: ast.AST) -> ast.expr | None:
    if isinstance(node, ast.Subscript):
        value = node.value
        called = value.attr if isinstance(value, ast.Attribute) else getattr(value, "id", "")
        return node.slice if called in DATABASE else None
    if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Table" and node.args:
        return node.args[0]
    return None


def stores() -> set[str]:
    return {name for path in MODULES for name in named_in(tree(path))}


def test_each_store_is_asked_by_an_erasure_or_says_why_not() -> None:
    assert stores() == ASKED.keys() | LEFT.keys()


def test_no_store_is_both_asked_and_left() -> None:
    assert ASKED.keys() & LEFT.keys() == set()


@pytest.mark.parametrize(
    "source",
    [
        'WORDS = Table("words", Words)',
        'self._words = database["words"]',
        'self._words = self._database["words"]',
        'WORDS = "words"\nfound = database[WORDS].find({})',
    ],
)
def test_store_is_found_however_it_is_named(source: str) -> None:
    assert list(named_in(ast.parse(source))) == ["words"]
