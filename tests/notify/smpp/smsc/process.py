"""Starts the SMSC, tells it what to do, and reads what it saw."""

import json
import os
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from deploy.local.npm import NODE
from tests.eventually import eventually

HERE = Path(__file__).parent


class Smsc:
    """Runs from its making until `end`; it also ends when we die, as its stdin does then."""

    def __init__(self, modules: Path, output: Path, **behaviour: object) -> None:
        self._output = output
        self._lines: list[dict[str, Any]] = []
        self._read_until = 0
        with output.open("wb") as lines:
            self._process = subprocess.Popen(
                [*NODE, str(HERE / "smsc.js"), json.dumps(behaviour)],
                stdin=subprocess.PIPE,
                stdout=lines,
                env=os.environ | {"NODE_PATH": str(modules)},
            )

    async def port(self) -> int:
        """Waits until it listens."""
        await eventually(lambda: self.saw("listening"))
        return int(self.saw("listening")[0]["port"])

    def saw(self, what: str) -> list[dict[str, Any]]:
        """All of one kind until now, in order; a line that is not complete yet is left out."""
        with self._output.open("rb") as output:
            output.seek(self._read_until)
            fresh, newline, _ = output.read().rpartition(b"\n")
        self._read_until += len(fresh + newline)
        self._lines += map(json.loads, fresh.splitlines())
        return [line for line in self._lines if line["saw"] == what]

    def tell(self, do: str, **how: object) -> None:
        """One command."""
        assert self._process.stdin
        self._process.stdin.write(json.dumps({"do": do, **how}).encode() + b"\n")
        self._process.stdin.flush()

    def pause(self) -> None:
        """The kernel still takes what comes; the SMSC does not."""
        self._process.send_signal(signal.SIGSTOP)

    def end(self) -> None:
        """By the id that is kept; again is nothing."""
        self._process.kill()
        self._process.wait()
        if self._process.stdin and not self._process.stdin.closed:
            self._process.stdin.close()


@contextmanager
def running(modules: Path, output: Path, **behaviour: object) -> Iterator[Smsc]:
    """Until the block ends, also when it fails."""
    smsc = Smsc(modules, output, **behaviour)
    try:
        yield smsc
    finally:
        smsc.end()
