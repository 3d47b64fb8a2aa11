"""`make test-beside`: the integration tests again and again, beside loops that want a core each.

It shows that no test is decided by how fast the machine is at that moment.
"""

import argparse
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from deploy.local.process import Child

LOOP = ("sh", "-c", "while :; do :; done")


@contextmanager
def busy(loops: int) -> Iterator[list[Child]]:
    """They run until the block ends, and die with this process."""
    with tempfile.TemporaryDirectory(prefix="tungngo-busy-") as folder:
        running = [Child(LOOP, Path(folder, f"{number}.log")) for number in range(loops)]
        try:
            yield running
        finally:
            for child in running:
                child.kill()


def beside(runs: int, loops: int, arguments: list[str]) -> int:
    """The exit code of the first run that fails, else 0."""
    command = [sys.executable, "-m", "deploy.local.test", "-m", "integration", *arguments]
    for number in range(1, runs + 1):
        with busy(loops):
            code = subprocess.run(command).returncode
        print(f"{'✗' if code else '✓'} {number}/{runs} beside {loops} busy loops")
        if code:
            return code
    return 0


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="make test-beside", description=__doc__)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--loops", type=int, default=2)
    asked, further = parser.parse_known_args()
    sys.exit(beside(asked.runs, asked.loops, further))
