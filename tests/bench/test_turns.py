"""How two versions take turns; their benches are small programs of the test's own."""

from pathlib import Path

import pytest

from bench.against.turns import NotMeasured, measured
from bench.against.versions import Version
from deploy.local.places import VENV

BENCH = """
import argparse, json, pathlib
parser = argparse.ArgumentParser()
parser.add_argument("--quick", action="store_true")
parser.add_argument("--only", choices={choices})
parser.parse_args()
with pathlib.Path("../turns").open("a") as turns:
    turns.write("{name}")
{last}
out = pathlib.Path("bench/out")
out.mkdir(exist_ok=True)
(out / "results.json").write_text(json.dumps({rows}))
raise SystemExit(1)
"""
"""It ends with 1, as a bench does where a target is missed."""

pytestmark = pytest.mark.usefixtures("real_processes")


def version(
    folder: Path, name: str, choices: tuple[str, ...] = ("intake",), last: str = "", **values: float
) -> Version:
    root = folder / name
    (root / "bench").mkdir(parents=True)
    (root / ".venv").symlink_to(VENV)
    rows = [{"name": figure, "value": value} for figure, value in values.items()]
    text = BENCH.format(choices=list(choices), name=name, last=last, rows=rows)
    (root / "bench" / "__main__.py").write_text(text)
    return Version(name, root)


def test_versions_take_turns_in_an_order_that_evens_out_a_drift(tmp_path: Path) -> None:
    a = version(tmp_path, "a", intake_c1=100)
    b = version(tmp_path, "b", intake_c1=150)

    (figure,) = measured((a, b), "intake", 3, quick=True)

    assert (figure.a, figure.b) == ([100] * 3, [150] * 3)
    assert (tmp_path / "turns").read_text() == "abbaab"


def test_only_what_both_measured_is_compared(tmp_path: Path) -> None:
    a = version(tmp_path, "a", intake_c1=100, intake_c8=0, of_old=3)
    b = version(tmp_path, "b", intake_c1=150, intake_c8=200, intake_c32=300)

    figures = measured((a, b), "intake", 1, quick=False)

    assert [figure.name for figure in figures] == ["intake_c1"]


def test_figure_that_an_older_bench_does_not_know_is_said(tmp_path: Path) -> None:
    a = version(tmp_path, "a", choices=("idle",))
    b = version(tmp_path, "b", intake_c1=150)

    with pytest.raises(NotMeasured, match=r"intake by a: .*invalid choice"):
        measured((a, b), "intake", 1, quick=False)


def test_result_of_an_earlier_turn_is_not_taken_for_that_of_one_that_failed(
    tmp_path: Path,
) -> None:
    once = "if pathlib.Path('../turns').read_text().count('a') > 1: raise SystemExit('gave up')"
    a = version(tmp_path, "a", last=once, intake_c1=100)
    b = version(tmp_path, "b", intake_c1=150)

    with pytest.raises(NotMeasured, match=r"intake by a: (?s:.*)gave up"):
        measured((a, b), "intake", 3, quick=False)
