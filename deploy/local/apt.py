"""Installing a Debian package without letting its service start."""

import contextlib
import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

from deploy.local.sentence import CannotRun

POLICY = Path("/usr/sbin/policy-rc.d")
NOTHING_STARTS = "#!/bin/sh\nexit 101\n"
TIMEOUT_S = 300


def install(package: str) -> None:
    """Raises: CannotRun without apt, root or a network."""
    if reason := refusal(
        package, has_apt=shutil.which("apt-get") is not None, is_root=os.geteuid() == 0
    ):
        raise reason
    with _no_service_starts():
        if not _apt_get("install", package) and not (
            _apt_get("update") and _apt_get("install", package)
        ):
            raise CannotRun(
                f"Không cài được {package}; hãy kiểm tra mạng rồi chạy lại.",
                f"Could not install {package}; check the network and run again.",
            )


def refusal(package: str, *, has_apt: bool, is_root: bool) -> CannotRun | None:
    """Why we cannot even try."""
    if not has_apt:
        return CannotRun(
            f"Thiếu {package} và máy này không có apt-get; hãy cài {package} bằng cách khác.",
            f"{package} is missing and this machine has no apt-get; install {package} another way.",
        )
    if not is_root:
        return CannotRun(
            f"Thiếu {package}; cần quyền root để cài: sudo apt-get install {package}",
            f"{package} is missing and installing needs root: sudo apt-get install {package}",
        )
    return None


def _apt_get(*arguments: str) -> bool:
    options = ["-y", "-q", "--no-install-recommends", "-o", "DPkg::Lock::Timeout=60"]
    with contextlib.suppress(subprocess.TimeoutExpired):
        done = subprocess.run(
            ["apt-get", *options, *arguments],
            env=os.environ | {"DEBIAN_FRONTEND": "noninteractive"},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            timeout=TIMEOUT_S,
        )
        return done.returncode == 0
    return False


@contextlib.contextmanager
def _no_service_starts() -> Iterator[None]:
    """Debian asks `policy-rc.d` before it starts a newly installed service; ours says no."""
    if POLICY.exists():  # somebody's own policy stands
        yield
        return
    POLICY.write_text(NOTHING_STARTS)
    try:
        POLICY.chmod(0o755)
        yield
    finally:
        POLICY.unlink()
