"""What a new slice costs: its events, its rules, its samples, its test, and its line in `slices`.

It is added to a copy of the code, where the tests that hold every slice hold it too.
"""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.eventually import WHOLE_TEST_S

ROOT = Path(__file__).parents[2]
TOY = Path(__file__).parent / "new_slice"
COPIED = ("services", "tests", "docs", "deploy", "demo", "bench", "pyproject.toml")
PLACES = {
    "bookcases.py": "services/events/bookcases.py",
    "rules.py": "services/registration/bookcases/rules.py",
    "its_test.py": "tests/registration/test_bookcases.py",
}
NAMED = "bookcase or exactly_one_subject or left_behind"
HOLD_EVERY_SLICE = (
    "tests/registration/test_bookcases.py",
    "tests/events/test_samples.py",
    "tests/events/test_schemas.py",
    "tests/architecture/test_rooms.py",
    "tests/architecture/test_types.py",
    "tests/architecture/test_voids.py",
    "tests/architecture/test_whose.py",
)


@pytest.fixture
def code(tmp_path: Path, real_processes: None) -> Path:
    """A copy, with the slice in its places."""
    for name in COPIED:
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, tmp_path / name)
        elif (ROOT / name).exists():
            shutil.copy(ROOT / name, tmp_path / name)
    for file, place in PLACES.items():
        (tmp_path / place).parent.mkdir(exist_ok=True)
        (tmp_path / place).write_text(in_place((TOY / file).read_text(encoding="utf-8")))
    (tmp_path / "services/registration/bookcases/__init__.py").write_text('"""Bookcases."""\n')
    for sample in (TOY / "samples").iterdir():
        shutil.copy(sample, tmp_path / "tests/events/samples")
    shutil.rmtree(tmp_path / "tests/registration/new_slice")
    name_it(tmp_path / "services/registration/slices.py")
    return tmp_path


def in_place(text: str) -> str:
    """Names its modules as they are called where they belong."""
    events, rules = "services.events.bookcases", "services.registration.bookcases.rules"
    text = text.replace("tests.registration.new_slice.bookcases", events)
    return text.replace("tests.registration.new_slice.rules", rules)


def name_it(slices: Path) -> None:
    """The one line, with its import."""
    text = slices.read_text(encoding="utf-8").replace("    SLOT,\n", "    SLOT,\n    BOOKCASE,\n")
    head, brace, rest = text.partition("from services.registration.citizens")
    its_import = "from services.registration.bookcases.rules import BOOKCASE\n"
    slices.write_text(f"{head}{its_import}{brace}{rest}")


def run(code: Path, *command: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *command], cwd=code, capture_output=True, text=True, timeout=WHOLE_TEST_S
    )


def test_slice_that_is_added_is_held_like_every_other(code: Path) -> None:
    written = run(code, "-m", "services.cli", "documents", "write")
    tests = run(code, "-m", "pytest", "-q", "-k", NAMED, *HOLD_EVERY_SLICE)
    imports = run(code, "-c", "from importlinter.cli import lint_imports_command as c; c()")

    assert written.returncode == 0, written.stderr
    assert tests.returncode == 0, tests.stdout
    assert imports.returncode == 0, imports.stdout


def test_type_without_a_scope_keeps_registration_from_starting(code: Path) -> None:
    events = code / "services/events/bookcases.py"
    events.write_text(events.read_text(encoding="utf-8").replace("    scope = BY_WARD\n", ""))

    started = run(code, "-c", "import services.registration.main")

    assert "BookcasePlaced declares no `scope`" in started.stderr


def test_slice_that_nobody_named_keeps_registration_from_starting(code: Path) -> None:
    slices = code / "services/registration/slices.py"
    slices.write_text(slices.read_text(encoding="utf-8").replace("    BOOKCASE,\n", ""))

    started = run(code, "-c", "import services.registration.main")

    assert "no slice takes in bookcase.placed.v1, bookcase.removed.v1" in started.stderr
