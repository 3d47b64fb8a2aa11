"""A child process that never outlives us: own group, ended by the id that is kept."""

import ctypes
import os
import signal
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import IO

PR_SET_PDEATHSIG = 1  # prctl(2)
_LIBC = ctypes.CDLL(None)


class Child:
    """One started program; its output goes to `log`, emptied at each start.

    The kernel kills it when the thread that started it ends (PR_SET_PDEATHSIG), so start it
    from a thread that lives as long as it should.
    """

    def __init__(
        self,
        command: Sequence[str],
        log: Path,
        env: Mapping[str, str] | None = None,
        cwd: Path | None = None,
        name: str = "",
    ) -> None:
        log.parent.mkdir(parents=True, exist_ok=True)
        self.name = name or Path(command[0]).name
        self.log = log
        with log.open("wb") as output:
            self._process = _spawn(command, output, env, cwd)

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def returncode(self) -> int | None:
        """None while it runs."""
        return self._process.poll()

    def running(self) -> bool:
        return self.returncode is None

    def signal(self, number: signal.Signals) -> None:
        """Sends a signal to the whole group; nothing happens when it has ended."""
        if self.running():
            os.killpg(self.pid, number)

    def ask_to_end(self) -> None:
        """SIGTERM, without waiting."""
        self.signal(signal.SIGTERM)
        self.signal(signal.SIGCONT)  # a paused one would never see it

    def stop(self, patience_s: float = 20) -> None:
        """SIGTERM, and SIGKILL for what is left of the group after `patience_s`."""
        self.ask_to_end()
        try:
            self._process.wait(patience_s)
        except subprocess.TimeoutExpired:
            self.kill()

    def kill(self) -> None:
        """kill -9 for the whole group, and waits until it is gone."""
        self.signal(signal.SIGKILL)
        self._process.wait()

    def last_lines(self, count: int = 12) -> str:
        """The end of its output, for a message about why it ended."""
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-count:])


def _spawn(
    command: Sequence[str], output: IO[bytes], env: Mapping[str, str] | None, cwd: Path | None
) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        command,
        env=env,
        cwd=cwd,
        stdin=subprocess.DEVNULL,
        stdout=output,
        stderr=subprocess.STDOUT,
        process_group=0,
        preexec_fn=die_with_parent,  # noqa: PLW1509 - one system call, takes no lock
    )


def die_with_parent() -> None:
    """Asked for in a child before it becomes its program; the kernel then does it."""
    _LIBC.prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
