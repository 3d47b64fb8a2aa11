"""`tungngo documents`: what integrators read in `docs/integrating`, written from the code."""

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

import typer

from services import asyncapi
from services.notify import documents as notify
from services.registration import documents as registration
from services.reporting import documents as reporting

FOLDER = Path("docs/integrating")

cli = typer.Typer(help="What integrators read.", no_args_is_help=True)


@cli.callback()
def about() -> None:
    """What integrators read."""


@cli.command()
def write(folder: Annotated[Path, typer.Argument(help="Where to.")] = FOLDER) -> None:
    """Write all of it anew."""
    for name, text in documents().items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        typer.echo(path)


def documents() -> Mapping[str, str]:
    """Text by path below the folder."""
    return {
        **registration.documents(),
        "openapi/registration.json": registration.openapi_document(),
        "openapi/reporting.json": reporting.openapi_document(),
        "openapi/notify.json": notify.openapi_document(),
        "asyncapi.json": asyncapi.document(),
    }
