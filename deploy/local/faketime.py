"""Debian's libfaketime: one process sees another time of day; its monotonic clock stays."""

from pathlib import Path

from deploy.local import apt
from deploy.local.sentence import CannotRun

_PLACES = "/usr/lib/*/faketime/libfaketime.so.1"


def find_or_install() -> Path:
    """The library. Raises: CannotRun where it cannot be installed."""
    if not _found():
        apt.install("faketime")
    found = _found()
    if found is None:
        raise CannotRun(
            "Không tìm thấy libfaketime; hãy cài gói faketime.",
            "libfaketime is not found; install the package faketime.",
        )
    return found


def moved(by_s: int) -> dict[str, str]:
    """The environment of a process whose clock is so far ahead (or behind, below 0)."""
    return {
        "LD_PRELOAD": str(find_or_install()),
        "FAKETIME": f"{by_s:+d}s",
        "FAKETIME_DONT_FAKE_MONOTONIC": "1",
    }


def _found() -> Path | None:
    return next(iter(sorted(Path("/").glob(_PLACES.lstrip("/")))), None)
