"""Python programs beside the environment: what a lock names, fetched once for all runs."""

import fcntl
import hashlib
import subprocess
from pathlib import Path

from deploy.local.places import LOCAL, VENV_PYTHON
from deploy.local.waiting import HANGS_AFTER_S

_CACHE = LOCAL / "pypi"
_INSTALL = ("-m", "pip", "install", "--require-hashes", "--no-deps", "--no-input", "--quiet")


def installed(lock: Path) -> Path:
    """A folder for PYTHONPATH; what the lock leaves out is in the environment."""
    folder = _CACHE / hashlib.sha256(lock.read_bytes()).hexdigest()[:16]
    folder.mkdir(parents=True, exist_ok=True)
    with (_CACHE / "pypi.lock").open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        if not (folder / "complete").exists():
            into = ("--disable-pip-version-check", "--target", str(folder), "-r", str(lock))
            python = str(VENV_PYTHON)
            subprocess.run([python, *_INSTALL, *into], check=True, timeout=HANGS_AFTER_S)
            (folder / "complete").touch()
    return folder
