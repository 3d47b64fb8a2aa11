"""When two versions differ, how it is shown, and that nothing of either stays."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from bench.against.compared import Compared
from bench.against.table import table
from bench.against.versions import differing, two_versions
from deploy.local.places import ROOT
from deploy.local.sentence import CannotRun
from tests.eventually import PATIENCE_S, eventually

in_repository = pytest.mark.skipif(
    not (ROOT / ".git").exists(), reason="an unpacked archive has no other version"
)


def test_ratio_is_that_of_the_median_turn_however_slow_the_machine_was_in_it() -> None:
    figure = Compared("drain", a=[1_000, 100, 1_000], b=[1_100, 120, 1_000])

    assert figure.ratios == pytest.approx([1.1, 1.2, 1.0])
    assert figure.ratio == pytest.approx(1.1)


@pytest.mark.parametrize(
    ("b", "exceeds"),
    [
        ([130, 135, 140], True),
        ([70, 65, 60], True),
        ([100, 105, 110], False),
        ([130, 120, 170], False),
        ([100, 100, 100], False),
        ([200, 200], None),
    ],
    ids=str,
)
def test_difference_counts_where_it_is_more_than_the_turns_differ(
    b: list[float], exceeds: bool | None
) -> None:
    assert Compared("drain", [100] * len(b), b).exceeds_spread is exceeds


@pytest.mark.parametrize(
    ("name", "b", "better"),
    [("drain", 2, True), ("drain", 0.5, False), ("fresh_p50_ms", 0.5, True)],
)
def test_less_is_better_where_the_figure_says_so(name: str, b: float, better: bool) -> None:
    assert Compared(name, [1], [b]).better is better


def test_table_shows_medians_spread_and_what_is_beyond_it() -> None:
    figures = [
        Compared("drain", a=[4_000, 4_100, 3_900], b=[5_000, 5_100, 4_900]),
        Compared("idle_rss_mb", a=[100, 100, 100], b=[120, 120, 121]),
        Compared("fresh_p50_ms", a=[50], b=[40]),
    ]

    head, _, *lines = table("old", "new", figures).splitlines()

    assert [cell.strip() for cell in head.split("|")][3:6:2] == ["A: old", "B: new"]
    assert [[cell.strip() for cell in line.split("|")[1:-1]] for line in lines] == [
        [
            *("drain", "events/s", "4,000", "3,900-4,100", "5,000", "4,900-5,100"),
            *("1.250", "1.244-1.256", "yes, better"),
        ],
        [
            *("idle_rss_mb", "MB", "100", "100-100", "120", "120-121"),
            *("1.200", "1.200-1.210", "yes, WORSE"),
        ],
        [
            *("fresh_p50_ms", "ms", "50.0", "50.0-50.0", "40.0", "40.0-40.0"),
            *("0.800", "0.800-0.800", "too few turns"),
        ],
    ]


def test_figure_is_written_as_against_json_promises() -> None:
    assert Compared("drain", [100, 100, 100], [200, 210, 220]).row() == {
        "name": "drain",
        "unit": "events/s",
        "a": [100, 100, 100],
        "b": [200, 210, 220],
        "ratios": [2.0, 2.1, 2.2],
        "ratio": 2.1,
        "exceeds_spread": True,
    }


def test_revision_that_git_does_not_know_is_said() -> None:
    with pytest.raises(CannotRun, match="no-such-revision"), two_versions("no-such-revision"):
        pass


@in_repository
@pytest.mark.usefixtures("real_processes")
def test_both_versions_are_whole_and_go_away() -> None:
    with two_versions("HEAD") as (a, b):
        roots = a.root, b.root

        assert all((root / "services" / "cli.py").exists() for root in roots)
        assert subprocess.run([b.python, "-c", "import bench"], cwd=b.root).returncode == 0
        (b.root / "bench" / "plan.py").write_text("")
        assert "bench/plan.py" in differing(a, b)

    assert not any(root.exists() for root in roots)


@in_repository
@pytest.mark.usefixtures("real_processes")
async def test_interrupted_comparison_leaves_no_process_and_no_file(tmp_path: Path) -> None:
    with _comparison_in(tmp_path) as running:
        await eventually(lambda: len(_processes_of(tmp_path)) > 2)

        os.killpg(running.pid, signal.SIGINT)

        assert running.wait(PATIENCE_S) == 130
    assert _processes_of(tmp_path) == []
    assert _files_in(tmp_path) == []


@contextmanager
def _comparison_in(folder: Path) -> Iterator[subprocess.Popen[bytes]]:
    command = [sys.executable, "-m", "bench", "--against", "HEAD", "--only", "idle", "--quick"]
    told = os.environ | {"TUNGNGO_LOCAL": str(folder)}
    with subprocess.Popen(command, cwd=ROOT, env=told, process_group=0) as running:
        try:
            yield running
        finally:
            running.kill()


def _files_in(folder: Path) -> list[Path]:
    return list(folder.iterdir())


def _processes_of(folder: Path) -> list[str]:
    """Those that were started in it, or with a path in it."""
    return [pid.name for pid in Path("/proc").glob("[0-9]*") if _is_of(folder, pid)]


def _is_of(folder: Path, pid: Path) -> bool:
    try:
        where = str((pid / "cwd").readlink())
        command = (pid / "cmdline").read_text(errors="replace")
    except OSError:  # it ended while we looked
        return False
    return where.startswith(str(folder)) or str(folder) in command
