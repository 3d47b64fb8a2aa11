"""`tungngo republish`: the logs once more, to one of their readers."""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Annotated, Protocol

import typer
from pydantic import ValidationError

from services.messaging.broker import BrokerUnavailable, Unconfirmed
from services.messaging.relay.republish import Reader
from services.notify.cli import log_of_notify
from services.platform.mongo import PyMongoError
from services.registration.cli import log_of_registration

cli = typer.Typer(help="The logs once more, to one reader.", invoke_without_command=True)


class Log(Protocol):
    """One service's log, as its own settings name it."""

    async def republish(self, to: Reader, since: datetime | None) -> int: ...


LOGS: dict[str, Callable[[], Log]] = {
    "registration": log_of_registration,
    "notify": log_of_notify,
}


@cli.callback()
def publish_once_more(
    to: Annotated[Reader, typer.Option(help="Who is to hear the logs again; nobody else does.")],
    since: Annotated[
        datetime | None, typer.Option(help="Recorded from this instant on (UTC); else all.")
    ] = None,
) -> None:
    """For what a broker or a reader has lost. What a reader has already changes nothing there,
    and no SMS leaves twice. Publishes each log whose service's settings are in the environment."""
    from_then = since.replace(tzinfo=since.tzinfo or UTC) if since else None
    published = [_published(name, log, to, from_then) for name, log in LOGS.items()]
    if not any(published):
        raise typer.Exit(1)


def _published(name: str, log: Callable[[], Log], to: Reader, since: datetime | None) -> bool:
    try:
        count = asyncio.run(log().republish(to, since))
    except ValidationError:
        typer.echo(f"{name}: left out, its settings are not here", err=True)
        return False
    except (BrokerUnavailable, Unconfirmed, PyMongoError) as error:
        typer.echo(f"{name}: {type(error).__name__}; run it again ({error})", err=True)
        raise typer.Exit(1) from error
    typer.echo(f"{name}: {count} events published once more to {to}")
    return True
