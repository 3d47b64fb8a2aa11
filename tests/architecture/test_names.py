"""What a file's place and a name promise: rooms of a few files, MongoDB behind stores, one meaning
for each class, and no word that only we understand.

A package is added to a list once it holds it; then it cannot be lost again."""

import ast
import re
from collections import defaultdict
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

SERVICES = Path(__file__).parents[2] / "services"

IN_ROOMS = (
    "messaging",
    "platform",
    "registration",
    "reporting",
    "notify",
)
BEHIND_STORES = (
    "events",
    "messaging",
    "platform",
    "registration",
    "reporting",
    "notify",
)
ONE_MEANING = (
    "events",
    "messaging",
    "platform",
    "registration",
    "reporting",
    "notify",
)
PLAIN_WORDS = (
    "events",
    "messaging",
    "platform",
    "registration",
    "reporting",
    "notify",
)

OUTSIDE_A_ROOM = 8
OPERATOR = re.compile(r"\$\$?[A-Za-z]+")
JSON_SCHEMA = frozenset({"$ref", "$defs", "$schema"})
STORE = re.compile(r"(.+_)?store\.py")

TWICE: dict[str, frozenset[str]] = {}
"""Class names of a package that may stand twice, and why."""

WHIMSICAL = re.compile(
    "(card|desk|ear|house|moment|porter|sheet|wave)s?|kept|told|together", re.IGNORECASE
)


def files(package: str) -> list[Path]:
    return sorted((SERVICES / package).rglob("*.py"))


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def public_names(path: Path) -> Iterator[str]:
    """The file's own, and those of its classes' members."""
    yield path.stem
    yield from _defined(tree(path))


def _defined(scope: ast.Module | ast.ClassDef) -> Iterator[str]:
    for node in scope.body:
        names = [
            target.id
            for target in getattr(node, "targets", [getattr(node, "target", None)])
            if isinstance(target, ast.Name)
        ]
        if isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            names = [node.name]
        public = [name for name in names if not name.startswith("_")]
        yield from public
        if public and isinstance(node, ast.ClassDef):
            yield from _defined(node)


def words(name: str) -> list[str]:
    """Of `snake_case` and `CamelCase`."""
    return re.findall(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+", name)


def is_operator(value: object) -> bool:
    """MongoDB's, or the path of a field in its pipelines."""
    if not isinstance(value, str) or value in JSON_SCHEMA:
        return False
    return OPERATOR.fullmatch(value) is not None


@pytest.mark.parametrize("package", IN_ROOMS)
def test_a_package_has_few_files_outside_a_room(package: str) -> None:
    outside = {path.name for path in (SERVICES / package).glob("*.py")} - {"__init__.py"}

    assert len(outside) <= OUTSIDE_A_ROOM, sorted(outside)


@pytest.mark.parametrize("package", BEHIND_STORES)
def test_operators_of_mongodb_stand_in_stores_alone(package: str) -> None:
    elsewhere = {
        str(path.relative_to(SERVICES)): node.value
        for path in files(package)
        if not STORE.fullmatch(path.name)
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Constant) and is_operator(node.value)
    }

    assert elsewhere == {}


@pytest.mark.parametrize("package", ONE_MEANING)
def test_a_class_name_has_one_meaning_in_a_package(package: str) -> None:
    homes = defaultdict[str, list[str]](list)
    for path in files(package):
        for node in tree(path).body:
            if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                homes[node.name].append(str(path.relative_to(SERVICES)))

    allowed = TWICE.get(package, frozenset())
    assert {n: where for n, where in homes.items() if len(where) > 1 and n not in allowed} == {}


@pytest.mark.parametrize("package", PLAIN_WORDS)
def test_no_public_name_needs_our_own_dictionary(package: str) -> None:
    whimsical = {
        f"{path.relative_to(SERVICES)}: {name}"
        for path in files(package)
        for name in public_names(path)
        if any(WHIMSICAL.fullmatch(word) for word in words(name))
    }

    assert whimsical == set()
