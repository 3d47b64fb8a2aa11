"""Debian's Chromium, in which tests look at the pages."""

import shutil

from deploy.local import apt

NAME = "chromium"


def find_or_install() -> str:
    """Raises: CannotRun where it cannot be installed."""
    if not shutil.which(NAME):
        apt.install(NAME)
    if found := shutil.which(NAME):
        return found
    raise FileNotFoundError(NAME)
