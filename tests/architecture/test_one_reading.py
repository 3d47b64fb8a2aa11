"""Texts are folded and telephone numbers read in one place each; nothing goes around it."""

import ast

import pytest

from tests.architecture.test_rooms import MODULES, imports, name, nodes

READERS = {
    "unicodedata": {"services.platform.vietnam.texts"},
    "phonenumbers": {"services.platform.vietnam.phone_numbers"},
}


@pytest.mark.parametrize(("tables", "readers"), READERS.items())
def test_tables_of_letters_and_of_numbers_have_one_reader_each(
    tables: str, readers: set[str]
) -> None:
    found = {name(path) for path in MODULES if tables in {m.split(".")[0] for m in imports(path)}}

    assert found == readers


def test_nobody_else_folds_case_or_replaces_a_marked_letter() -> None:
    """`casefold`, and `replace("đ", …)`, are the beginnings of a second fold."""
    own = {"services.platform.vietnam.texts"}

    found = {
        f"{name(path)}:{node.lineno}"
        for path in MODULES
        if name(path) not in own
        for node in nodes(path)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
        if node.func.attr == "casefold" or (node.func.attr == "replace" and _crossed(node))
    }

    assert found == set()


def _crossed(call: ast.Call) -> bool:
    first = call.args[0] if call.args else None
    return isinstance(first, ast.Constant) and first.value in ("đ", "Đ", "ð", "Ð")
