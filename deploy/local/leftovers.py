"""Running a command and knowing that nothing it started is still there.

Imports the standard library only.
"""

import contextlib
import ctypes
import os
import signal
import subprocess
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from deploy.local.process import die_with_parent

PR_SET_CHILD_SUBREAPER = 36  # prctl(2)
GRACE_S = 60
LEFT_BEHIND = 97
"""The exit code of a command that succeeded and left a process behind."""


def run(command: Sequence[str], env: Mapping[str, str] | None = None) -> int:
    """The command's exit code; whatever outlives it by a minute is named and killed.

    Orphans come to us instead of to process 1, so that none can hide.
    """
    ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1)
    code = _run_passing_signals(command, env)
    left = _left_after_grace()
    while left:
        for pid in left:
            print(f"✗ còn sót lại · left behind: {pid} {_command_of(pid)}")
            os.kill(pid, signal.SIGKILL)
            os.waitpid(pid, 0)
        left = _living_children()  # the children of those have come to us
        code = code or LEFT_BEHIND
    return code


def _run_passing_signals(command: Sequence[str], env: Mapping[str, str] | None) -> int:
    process = subprocess.Popen(
        command,
        env=env,
        preexec_fn=die_with_parent,  # noqa: PLW1509 - one system call, takes no lock
    )
    signal.signal(signal.SIGTERM, lambda *_: process.send_signal(signal.SIGINT))
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the terminal tells the command itself
    code = process.wait()
    return code if code >= 0 else 128 - code


def _left_after_grace() -> list[int]:
    deadline = time.monotonic() + GRACE_S
    while left := _living_children():
        if time.monotonic() > deadline:
            break
        time.sleep(0.1)
    return left


def _living_children() -> list[int]:
    with contextlib.suppress(ChildProcessError):
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass
    return [int(folder.name) for folder in Path("/proc").glob("[0-9]*") if _is_ours(folder)]


def _is_ours(folder: Path) -> bool:
    try:
        state, parent, *_ = (folder / "stat").read_text().rpartition(")")[2].split()
    except OSError:  # it ended while we looked
        return False
    return state != "Z" and int(parent) == os.getpid()


def _command_of(pid: int) -> str:
    with contextlib.suppress(FileNotFoundError):
        return Path(f"/proc/{pid}/cmdline").read_text().replace("\0", " ")[:200]
    return ""
