"""Plays a wish from a command; where that cannot be, a sentence says why."""

import asyncio

from rich.console import Console

from demo.play import Wish, play
from demo.server import CannotPlay, Refused


def run(wish: Wish, console: Console) -> bool:
    """Whether all lines are equal at the end."""
    try:
        return asyncio.run(play(wish, console))
    except* (CannotPlay, Refused) as errors:
        console.print(f"[bold red]✗[/] {_first(errors)}", highlight=False)
    return False


def _first(errors: BaseExceptionGroup[BaseException]) -> BaseException:
    """Of many phones that all met the same."""
    error: BaseException = errors
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
    return error
