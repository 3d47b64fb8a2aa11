"""`make lock`: pins every library by hash in two lock files that name no registry."""

import subprocess
import tempfile
import venv
from pathlib import Path

from deploy.local.places import DEV_LOCK, ROOT
from deploy.local.progress import step
from deploy.local.sentence import CannotRun, or_say_why

RUNTIME_LOCK = ROOT / "requirements.lock"
COMPILE = ["pip", "compile", "--generate-hashes", "--no-header", "--no-annotate", "--quiet"]


def lock() -> None:
    """Raises: CannotRun without a network."""
    with tempfile.TemporaryDirectory() as folder, step("Ghim thư viện", "Libraries pinned"):
        venv.create(folder, with_pip=True)
        tools = Path(folder, "bin")
        _run(str(tools / "python"), "-m", "pip", "install", "--quiet", "uv")
        for target, groups in ((RUNTIME_LOCK, []), (DEV_LOCK, ["--group", "dev"])):
            python = ["--python-version", "3.11"]
            _run(str(tools / "uv"), *COMPILE, *python, *groups, "pyproject.toml", "-o", str(target))


def _run(*command: str) -> None:
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    if done.returncode:
        raise CannotRun("Không ghim được thư viện.", f"Could not pin:\n{done.stderr[-2000:]}")


if __name__ == "__main__":
    or_say_why(lock)
