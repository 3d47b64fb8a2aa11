"""The bar: how far it is, and how many events a second."""

import time
from contextlib import AbstractContextManager
from types import TracebackType
from typing import Self

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    ProgressColumn,
    SpinnerColumn,
    Task,
    TextColumn,
    TimeElapsedColumn,
)
from rich.progress import Progress as Bar
from rich.text import Text


class _Rate(ProgressColumn):
    def render(self, task: Task) -> Text:
        speed = task.finished_speed or task.speed or 0
        return Text(f"{speed:,.0f} sự kiện/s · events/s", style="cyan")


class Progress(AbstractContextManager["Progress"]):
    """Where nobody watches (a file, a test), a line at each step is all."""

    def __init__(self, console: Console) -> None:
        self.console = console
        self._bar = Bar(
            SpinnerColumn(),
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            _Rate(),
            TimeElapsedColumn(),
            console=console,
            disable=not console.is_terminal,
        )
        self._task = self._bar.add_task("", total=None)
        self._began_at = time.monotonic()

    def __enter__(self) -> Self:
        self._bar.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._bar.stop()

    def step(self, name: str, more: int) -> None:
        """Another part of so many events begins."""
        known = self._bar.tasks[0].total or 0
        self._bar.update(self._task, description=name, total=known + more)
        if not self.console.is_terminal:
            passed = time.monotonic() - self._began_at
            self.console.print(f"{passed:6.1f} s  {name}: {more:,}", highlight=False)

    def advance(self, events: int) -> None:
        """So many were answered."""
        self._bar.advance(self._task, events)
