"""What newcomers read shows code that tests run, and leads to what is there."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
BUILDING = ROOT / "docs" / "building"
ROADS = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted(BUILDING.glob("*.md"))]
SHOWN = {
    "services/events/bookcases.py": "tests/registration/new_slice/bookcases.py",
    "services/registration/bookcases/rules.py": "tests/registration/new_slice/rules.py",
    "tests/registration/test_bookcases.py": "tests/registration/new_slice/its_test.py",
    "services/reporting/measures/devices_at_home.py": (
        "tests/reporting/toy/measures/devices_at_home.py"
    ),
    "services/reporting/reports/devices_at_home.py": (
        "tests/reporting/toy/reports/devices_at_home.py"
    ),
}
"""What stands where it belongs in the pages, and in a folder of the tests that use it."""
BLOCK = re.compile(r"^`([\w/]+\.py)`\n\n```python\n(.*?)^```$", re.DOTALL | re.MULTILINE)
CODE = re.compile(r"^```.*?^```", re.DOTALL | re.MULTILINE)
LINK = re.compile(r"\]\((?!http)([^)#]+)")


def module(path: str) -> str:
    return path.removesuffix(".py").replace("/", ".")


def in_place(file: str) -> str:
    """The file with all of them called as they are called where they belong."""
    code = (ROOT / file).read_text(encoding="utf-8")
    for place, source in SHOWN.items():
        code = code.replace(module(source), module(place))
    return code


def blocks() -> Iterator[tuple[str, str]]:
    for page in sorted(BUILDING.glob("*.md")):
        yield from BLOCK.findall(page.read_text(encoding="utf-8"))


@pytest.mark.parametrize("place", SHOWN)
def test_code_that_a_newcomer_copies_is_code_that_tests_run(place: str) -> None:
    shown = dict(blocks())

    assert shown[place] == in_place(SHOWN[place])


def test_no_other_code_is_shown() -> None:
    text = "".join(page.read_text(encoding="utf-8") for page in BUILDING.glob("*.md"))

    assert {place for place, _ in blocks()} == set(SHOWN)
    assert text.count("```python") == len(SHOWN)


@pytest.mark.parametrize("page", ROADS, ids=lambda page: page.name)
def test_every_road_leads_somewhere(page: Path) -> None:
    links = LINK.findall(CODE.sub("", page.read_text(encoding="utf-8")))

    assert [link for link in links if not (page.parent / link).exists()] == []
