"""Kannel's `drive_smpp`: an SMSC that nobody here wrote, for transmitters and receivers only.

It sends so many messages to whoever binds as a receiver. Three seconds after its first connection
it looks for an smsbox on a port that it does not let choose, and panics where nobody listens.
"""

import os
import re
import socket
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

import pytest

from deploy.local.kannel import find_or_install_drive_smpp
from deploy.local.ports import LOOPBACK
from deploy.local.process import Child
from deploy.local.sentence import CannotRun
from deploy.local.waiting import wait_until

_SMSBOX_PORT = 13001
_HANDLED = "Handling SMPP PDU of type {}\n"
_TEXT = re.compile(r"submit_sm: short_message = <(.*)>")


class DriveSmpp:
    """Runs from its making until `end`."""

    def __init__(self, program: Path, port: int, messages: int, log: Path) -> None:
        self.port = port
        words = ["-v", "0", "-p", str(port), "-m", str(messages)]
        self._child = Child([str(program), *words], log)
        wait_until(lambda: "Starting drive_smpp" in self._said, self._child)

    @property
    def texts(self) -> list[str]:
        """Of the submits, in order."""
        return _TEXT.findall(self._said)

    def handled(self, pdu: str) -> int:
        """How many of these it was sent."""
        return self._said.count(_HANDLED.format(pdu))

    def end(self) -> None:
        """As a crash would."""
        if self._child.running():
            self._child.kill()

    @property
    def _said(self) -> str:
        return self._child.log.read_text(errors="replace")


@contextmanager
def running(program: Path, port: int, messages: int, log: Path) -> Iterator[DriveSmpp]:
    """Until the block ends, also when it fails."""
    with _smsbox():
        smsc = DriveSmpp(program, port, messages, log)
        try:
            yield smsc
        finally:
            smsc.end()


@contextmanager
def _smsbox() -> Iterator[None]:
    """Somebody who listens and says nothing; one that is there already will do."""
    with ExitStack() as stack:
        with suppress(OSError):
            stack.enter_context(socket.create_server((LOOPBACK, _SMSBOX_PORT), backlog=16))
        yield


def installed() -> Path:
    """Skips the test where it cannot be installed; what a change must pass skips nothing."""
    try:
        return find_or_install_drive_smpp()
    except CannotRun as missing:
        if os.environ.get("CI"):
            raise
        pytest.skip(missing.en)
