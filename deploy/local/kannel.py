"""Kannel, a gateway that many operators' partners send with: beside us in the bench, and its
`drive_smpp` as an SMSC in tests."""

import shutil
from pathlib import Path

from deploy.local import apt

DRIVE_SMPP = Path("/usr/lib/kannel/test/drive_smpp")
BEARERBOX, SMSBOX = "bearerbox", "smsbox"
_SBIN = "/usr/local/sbin:/usr/sbin:/sbin"


def find_program(name: str) -> str | None:
    """Debian keeps servers where not everybody's PATH looks."""
    return shutil.which(name) or shutil.which(name, path=_SBIN)


def find_or_install_gateway() -> tuple[str, str]:
    """`bearerbox` and `smsbox`. Raises: CannotRun where they cannot be installed."""
    if not find_program(SMSBOX):
        apt.install("kannel")
    bearerbox, smsbox = find_program(BEARERBOX), find_program(SMSBOX)
    if not (bearerbox and smsbox):
        raise FileNotFoundError(SMSBOX)
    return bearerbox, smsbox


def find_or_install_drive_smpp() -> Path:
    """Raises: CannotRun where it cannot be installed."""
    if not DRIVE_SMPP.exists():
        apt.install("kannel-extras")
    return DRIVE_SMPP
