"""What is being done and for how long: a spinner on a terminal, plain lines elsewhere."""

import contextlib
import itertools
import sys
import threading
import time
from collections.abc import Iterator

FRAMES = "⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏"
FRAME_S = 0.1
PLAIN_NOTE_S = 10
"""Where no spinner turns, a step that takes long says so this often."""


class Step:
    """One piece of work under way; `note` is how far it is."""

    def __init__(self, title: str) -> None:
        self.title = title
        self.note = ""
        self._began = time.monotonic()
        self._ended = threading.Event()

    @property
    def elapsed_s(self) -> float:
        return time.monotonic() - self._began

    def line(self, mark: str) -> str:
        note = f" {self.note}" if self.note else ""
        return f"{mark} {self.title}{note} ({self.elapsed_s:.1f} s)"

    def spin(self) -> None:
        """Until `end`, on the same line."""
        for frame in itertools.cycle(FRAMES):
            print(f"\r\x1b[K{self.line(frame)}", end="", flush=True)
            if self._ended.wait(FRAME_S):
                break
        print("\r\x1b[K", end="")

    def tell(self) -> None:
        """Until `end`, a line now and then."""
        while not self._ended.wait(PLAIN_NOTE_S):
            print(self.line("…"), flush=True)

    def end(self) -> None:
        self._ended.set()


@contextlib.contextmanager
def step(vi: str, en: str) -> Iterator[Step]:
    """Shows the work inside the block while it goes on, and how it ended."""
    current = Step(f"{vi} · {en}")
    show = current.spin if sys.stdout.isatty() else current.tell
    teller = threading.Thread(target=show, daemon=True)
    teller.start()
    mark = "✗"
    try:
        yield current
        mark = "✓"
    finally:
        current.end()
        teller.join()
        print(current.line(mark), flush=True)
