"""`python3 -m deploy.local COMMAND`: sets the machine up, then becomes what was asked for.

Starts with the system's Python and the standard library; the rest runs in the environment.
"""

import os
import shutil
import sys

from deploy.local import apt, environment
from deploy.local.alone import alone
from deploy.local.kannel import find_program
from deploy.local.places import LOCAL, ROOT, VENV, VENV_PYTHON
from deploy.local.sentence import CannotRun, or_say_why
from deploy.local.settings import remembered

MODULES = {
    "up": "deploy.local.up",
    "test": "deploy.local.test",
    "test-beside": "deploy.local.beside",
    "secrets": "deploy.compose_secrets",
    "new-key": "deploy.new_key",
    "lock": "deploy.lock",
    "demo": "demo",
    "demo-sms": "demo.sms",
    "phone": "demo.phone",
    "bench": "bench",
    "tungngo": "services.cli",
}
BESIDE_UP = {"demo", "phone", "tungngo"}
"""These talk to what `make up` started, so they get the same settings."""
PACKAGES = {"bench": {"wrk": "wrk", "bearerbox": "kannel"}}
"""A program that a command starts, and the Debian package that has it."""


def main(command: str, arguments: list[str]) -> None:
    """Does not return for what has a module: this process becomes it."""
    os.chdir(ROOT)
    if command == "clean":
        return _clean()
    environment.prepare()
    for program, package in PACKAGES.get(command, {}).items():
        if not find_program(program):
            apt.install(package)
    told = _told() if command in BESIDE_UP else {}
    if module := MODULES.get(command):
        python = str(VENV_PYTHON)
        os.execve(python, [python, "-m", module, *arguments], os.environ | told)
    return None


def _told() -> dict[str, str]:
    told = remembered()
    if not told:
        raise CannotRun("Hãy chạy 'make up' trước.", "Run 'make up' first.")
    return told


def _clean() -> None:
    """Raises: CannotRun while `make up` works on what would be removed."""
    with alone():
        for folder in (LOCAL, VENV):
            shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    or_say_why(lambda: main(sys.argv[1], sys.argv[2:]))
