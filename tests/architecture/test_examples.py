"""How often a property is tried is said by the profile of the run alone."""

import ast
from collections.abc import Iterator

import pytest
from hypothesis import settings

from tests.architecture.test_patience import MODULES, TESTS, name
from tests.examples import PERCENT, examples


def own_numbers(text: str) -> Iterator[str]:
    """`settings(max_examples=60)`, `{"max-examples": 6}`; not `max_examples=examples(60)`."""
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.keyword) and node.arg == "max_examples":
            yield from _unless_scaled(node.value)
        elif isinstance(node, ast.Dict):
            for key, value in zip(node.keys, node.values, strict=True):
                if isinstance(key, ast.Constant) and key.value == "max-examples":
                    yield from _unless_scaled(value)


def _unless_scaled(value: ast.expr) -> Iterator[str]:
    if not (isinstance(value, ast.Call) and ast.unparse(value.func) == "examples"):
        yield ast.unparse(value)


def test_no_property_says_how_often_it_is_tried_but_as_a_share() -> None:
    by_profile = "examples.py"
    texts = {name(path): path.read_text(encoding="utf-8") for path in MODULES}
    drawing = {of: text for of, text in texts.items() if "max_examples" in text or "max-ex" in text}

    found = {of: list(own_numbers(text)) for of, text in drawing.items() if of != by_profile}

    assert len(found) > 10
    assert {of: numbers for of, numbers in found.items() if numbers} == {}


@pytest.mark.parametrize("text", ["settings(max_examples=60)", '{"max-examples": SIX}'])
def test_a_number_of_a_tests_own_is_seen(text: str) -> None:
    assert list(own_numbers(text))


def test_what_a_change_must_pass_draws_all_and_a_night_ten_times_that() -> None:
    passed = (TESTS.parent / ".ci" / "run").read_text(encoding="utf-8")

    assert "export CI=true TUNGNGO_TEST_PROFILE=ci\n" in passed
    assert (PERCENT["ci"], PERCENT["nightly"]) == (100, 1_000)


def test_every_property_is_tried_and_more_often_by_a_longer_profile() -> None:
    percent = PERCENT[settings.get_current_profile_name()]

    assert examples(1) >= 1
    assert examples(1_000) == 10 * percent
