"""The two versions as folders of their own below `.local`, which go away."""

import filecmp
import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from deploy.local import apt
from deploy.local.places import DEV_LOCK, LOCAL, ROOT, VENV
from deploy.local.progress import step
from deploy.local.sentence import CannotRun

MEASURING = ("bench", "demo")
"""What measures, and what makes the events that are posted …"""
ONLY_TELLS = ("bench/__main__.py", "bench/table.py", "bench/against")
"""… less what changes no figure."""


@dataclass(frozen=True)
class Version:
    """Everything of one version, and an environment that holds what its lock file says."""

    name: str
    root: Path

    @property
    def python(self) -> str:
        """Of its environment."""
        return str(self.root / ".venv" / "bin" / "python")

    @property
    def environment(self) -> Mapping[str, str]:
        """What its processes are told: to keep their data in its folder."""
        return os.environ | {"TUNGNGO_LOCAL": str(self.root / ".local")}


@contextmanager
def two_versions(revision: str) -> Iterator[tuple[Version, Version]]:
    """A: any revision that git knows. B: this folder, with what is not committed.

    B is a copy too: whoever goes on working here does not change what is measured.

    Raises: CannotRun for what is no revision, or one without a bench or an environment.
    """
    if not shutil.which("git"):
        apt.install("git")
    commit = _commit(revision)
    LOCAL.mkdir(parents=True, exist_ok=True)
    folder = Path(tempfile.mkdtemp(prefix="against-", dir=LOCAL))
    try:
        with step("Hai phiên bản", "two versions"):
            a = Version(commit[:9], folder / "a")
            b = Version(f"this, {_commit('HEAD')[:9]}{_changed()}", folder / "b")
            _extract(commit, a.root)
            _copy_ours(b.root)
            for version in (a, b):
                _make_ready(version)
        yield a, b
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def differing(a: Version, b: Version) -> Sequence[str]:
    """Files by which the two measure otherwise: their figures say less then."""
    files = _measuring(a.root) | _measuring(b.root)
    _, otherwise, only_one = filecmp.cmpfiles(a.root, b.root, files, shallow=False)
    return sorted(otherwise + only_one)


def _measuring(root: Path) -> set[str]:
    files = (file for part in MEASURING for file in (root / part).rglob("*") if file.is_file())
    names = (str(file.relative_to(root)) for file in files if file.suffix != ".pyc")
    return {name for name in names if not name.startswith(ONLY_TELLS)}


def _commit(revision: str) -> str:
    asked = ["rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}"]
    found = subprocess.run(["git", *asked], cwd=ROOT, capture_output=True, text=True)
    if found.returncode:
        raise CannotRun(
            f"Git không biết phiên bản '{revision}'.",
            f"Git knows no revision '{revision}'. {found.stderr.strip()}",
        )
    return found.stdout.strip()


def _changed() -> str:
    return " and changes" if _git("status", "--porcelain") else ""


def _extract(commit: str, root: Path) -> None:
    """Its files without a repository: nothing of it stays in ours, however we end."""
    command = ["git", "archive", "--format=tar", commit]
    with (
        subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE) as archive,
        tarfile.open(fileobj=archive.stdout, mode="r|") as files,
    ):
        files.extractall(root, filter="data")


def _copy_ours(root: Path) -> None:
    """All that git follows or would: not what was built, installed or measured here."""
    listed = _git("ls-files", "-z", "--cached", "--others", "--exclude-standard")
    for name in {name for name in listed.split("\0") if name}:
        if (ROOT / name).is_file():
            (root / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, root / name, follow_symlinks=False)


def _make_ready(version: Version) -> None:
    """Our own environment where the lock files are equal, else one of its own."""
    lock = version.root / DEV_LOCK.relative_to(ROOT)
    if not (version.root / "bench" / "__main__.py").exists() or not lock.exists():
        raise CannotRun(
            f"Phiên bản {version.name} chưa đo được.", f"Version {version.name} has no bench."
        )
    if filecmp.cmp(lock, DEV_LOCK, shallow=False):
        (version.root / ".venv").symlink_to(VENV)
    else:
        _run(version, sys.executable, "-m", "deploy.local", "setup")
    # a process that compiles what it imports holds more memory than the next one
    _run(version, version.python, "-m", "compileall", "-q", "bench", "demo", "deploy", "services")


def _run(version: Version, *command: str) -> None:
    done = subprocess.run(
        command, cwd=version.root, env=version.environment, capture_output=True, text=True
    )
    if done.returncode:
        said = (done.stderr or done.stdout)[-1000:]
        raise CannotRun(
            f"Không dựng được phiên bản {version.name}.",
            f"Could not prepare version {version.name}:\n{said}",
        )


def _git(*words: str) -> str:
    done = subprocess.run(["git", *words], cwd=ROOT, capture_output=True, text=True, check=True)
    return done.stdout
