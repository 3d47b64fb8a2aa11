"""`make demo`, or `python -m demo` beside running services."""

import sys
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from demo.office import Login
from demo.play import Wish
from demo.run import run
from deploy.local.places import LOCAL
from deploy.local.settings import address


def main(  # noqa: PLR0913, PLR0917 - the options of a command
    days: Annotated[int, typer.Option(min=1, max=80, help="From 11 October 2025 on.")] = 3,
    scale: Annotated[float, typer.Option(min=0.01, max=1, help="1 is the whole city.")] = 0.03,
    rate: Annotated[float, typer.Option(min=0, help="Events a second; 0: no limit.")] = 0,
    seed: Annotated[int, typer.Option(min=0, help="The same seed plays the same events.")] = 1,
    ward: Annotated[list[str] | None, typer.Option(help="Only in these wards.")] = None,
    registration: Annotated[str, typer.Option(help="Its address.")] = address("registration"),
    reporting: Annotated[str, typer.Option(help="Its address.")] = address("reporting"),
    notify: Annotated[str, typer.Option(help="Its address.")] = address("notify"),
    folder: Annotated[Path, typer.Option(help="Where the campaign's keys lie.")] = LOCAL / "demo",
    admin_user: Annotated[str, typer.Option(help="An administrator who is there.")] = "",
    password_file: Annotated[Path | None, typer.Option(help="With the password of that.")] = None,
) -> None:
    """Play the invented campaign over the public HTTP API. SỐ LIỆU MINH HỌA."""
    wish = Wish(
        seed=seed,
        scale=scale,
        days=days,
        rate=rate,
        registration=registration,
        reporting=reporting,
        notify=notify,
        folder=folder,
        only=tuple(ward or ()),
        admin=_login(admin_user, password_file),
    )
    sys.exit(0 if run(wish, Console()) else 1)


def _login(name: str, password_file: Path | None) -> Login | None:
    if not name or password_file is None:
        return None
    return Login(name, password_file.read_text().strip())


if __name__ == "__main__":
    typer.run(main)
