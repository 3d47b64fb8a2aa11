"""The virtual environment: exactly what the lock file pins, checked by hash.

Runs before the environment exists, so it imports the standard library only.
"""

import fcntl
import hashlib
import subprocess
import sys
import threading
from pathlib import Path

from deploy.local import apt
from deploy.local.places import DEV_LOCK, LOCAL, LOGS, ROOT, VENV, VENV_PYTHON
from deploy.local.progress import Step, step
from deploy.local.sentence import CannotRun
from deploy.local.waiting import HANGS_AFTER_S

STAMP = VENV / ".installed-lock"
COMMAND = VENV / "bin" / "tungngo"
INSTALL = [
    *("-m", "pip", "install", "--require-hashes", "--no-deps", "--no-input"),
    *("--disable-pip-version-check", "--retries", "2", "--timeout", "30", "-r", str(DEV_LOCK)),
]


def prepare() -> None:
    """Does nothing when the environment already holds what the lock says.

    Raises: CannotRun without a network, or without Debian's venv module and root.
    """
    LOCAL.mkdir(parents=True, exist_ok=True)
    with (LOCAL / "setup.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # two commands at once: the second finds it done
        wanted = hashlib.sha256(DEV_LOCK.read_bytes()).hexdigest()
        if _works() and STAMP.exists() and STAMP.read_text() == wanted:
            return
        with step("Môi trường Python", "Python environment") as current:
            if not _works():
                _create()
            _install(current)
            _write_command()
            STAMP.write_text(wanted)


def _works() -> bool:
    return VENV_PYTHON.exists() and _succeeds(str(VENV_PYTHON), "-c", "import pip")


def _create() -> None:
    if not _succeeds(sys.executable, "-c", "import ensurepip"):
        apt.install("python3-venv")  # Debian packs it apart
    if not _succeeds(sys.executable, "-m", "venv", "--clear", str(VENV)):
        raise CannotRun(
            f"Không tạo được môi trường Python trong {VENV}.",
            f"Could not make a Python environment in {VENV}.",
        )


def _install(current: Step) -> None:
    log = LOGS / "pip.log"
    log.parent.mkdir(parents=True, exist_ok=True)
    total = DEV_LOCK.read_text().count("==")
    with log.open("wb") as output:
        pip = subprocess.Popen(
            [str(VENV_PYTHON), *INSTALL], stdin=subprocess.DEVNULL, stdout=output, stderr=output
        )
        watching = threading.Event()
        watcher = threading.Thread(target=_watch, args=(log, total, current, watching), daemon=True)
        watcher.start()
        code = pip.wait()
        watching.set()
        watcher.join()
    current.note = f"{total}/{total}"
    if code:
        raise CannotRun(
            f"Không tải được thư viện Python; hãy kiểm tra mạng rồi chạy lại (xem {log}).",
            f"Could not fetch the Python libraries; check the network and run again (see {log}).",
        )


def _watch(log: Path, total: int, current: Step, end: threading.Event) -> None:
    while not end.wait(0.5):
        seen = sum(
            line.startswith(("Collecting ", "Requirement already"))
            for line in log.read_text(errors="replace").splitlines()
        )
        current.note = f"{seen}/{total}"


def _write_command() -> None:
    lines = [
        f"#!{VENV_PYTHON}",
        "import sys",
        f"sys.path.insert(0, {str(ROOT)!r})",
        "from services.cli import main",
        "main()",
    ]
    COMMAND.write_text("\n".join(lines) + "\n")
    COMMAND.chmod(0o755)


def _succeeds(*command: str) -> bool:
    done = subprocess.run(
        command, stdin=subprocess.DEVNULL, capture_output=True, timeout=HANGS_AFTER_S, cwd=ROOT
    )
    return done.returncode == 0
