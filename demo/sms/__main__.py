"""`make demo-sms`: all parts, phones behind them, a day of the campaign, and what came of it."""

import os
import sys
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from demo.play import Wish
from demo.run import run
from demo.sms.network import phones, told_to_notify
from deploy.local.places import LOCAL
from deploy.local.sentence import or_say_why
from deploy.local.settings import address, remembered
from deploy.local.up import everything, in_order, watch


def main(
    days: Annotated[int, typer.Option(min=1, max=80, help="From 11 October 2025 on.")] = 1,
    scale: Annotated[float, typer.Option(min=0.01, max=1, help="1 is the whole city.")] = 0.03,
    seed: Annotated[int, typer.Option(min=0, help="The same seed plays the same events.")] = 1,
    ward: Annotated[list[str] | None, typer.Option(help="Only in these wards.")] = None,
    stay: Annotated[bool, typer.Option("--stay", help="Leave all running until Ctrl-C.")] = False,
) -> None:
    """Play the invented campaign with SMS over SMPP. SỐ LIỆU MINH HỌA."""
    journal = LOCAL / "demo" / f"phones-{seed}.jsonl"
    wish = Wish(
        seed=seed,
        scale=scale,
        days=days,
        rate=0,
        registration=address("registration"),
        reporting=address("reporting"),
        notify=address("notify"),
        folder=LOCAL / "demo",
        only=tuple(ward or ()),
        journal=journal,
    )
    outcomes: list[bool] = []
    or_say_why(lambda: in_order(lambda: outcomes.append(_played(wish, journal, stay=stay))))
    sys.exit(0 if all(outcomes) else 1)


def _played(wish: Wish, journal: Path, *, stay: bool) -> bool:
    with phones(wish.seed, journal) as port, everything(told_to_notify(port)) as children:
        os.environ.update(remembered())  # a command makes the first administrator
        equal = run(wish, Console())
        if stay:
            print(f"\n{address('reporting')}/  (Ctrl-C: dừng · ends it)")
            watch(children)
        return equal


if __name__ == "__main__":
    typer.run(main)
