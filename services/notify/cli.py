"""`tungngo notify`: serve, inspect, do-not-advertise."""

import asyncio
from pathlib import Path
from typing import Annotated

import typer

from services.messaging.log.store import MongoEventLog
from services.notify.campaigns.no_adverts import (
    Comparison,
    Imported,
    Listed,
    NotTheRefusersList,
    compare,
    import_list,
    read_list,
)
from services.notify.campaigns.store import MongoCampaigns
from services.notify.http.views import NotificationHistory
from services.notify.ledger.ledger import Query
from services.notify.ledger.store import MongoLedger
from services.notify.main import Notify, create
from services.notify.settings import NotifySettings
from services.platform.mongo import connect
from services.platform.process.memory import collect_rarely
from services.platform.process.telemetry import configure
from services.platform.server.serving import serve as serve_app

cli = typer.Typer(help="SMS to citizens.", no_args_is_help=True)


@cli.command()
def serve() -> None:
    """Run the service until SIGTERM."""
    settings = NotifySettings.read()
    configure("notify", settings)
    app = create(settings)
    collect_rarely()
    serve_app(app, settings)


@cli.command()
def inspect(
    event_id: Annotated[str, typer.Option(help="An event that was to be told.")] = "",
    citizen_id: Annotated[str, typer.Option(help="A citizen's random id.")] = "",
) -> None:
    """Show notifications with every step, one JSON document a line; no number and no text."""
    if not event_id and not citizen_id:
        raise typer.BadParameter("name an --event-id or a --citizen-id")
    query = Query(event_id=event_id or None, citizen_id=citizen_id or None)
    found = asyncio.run(_found(NotifySettings.read(), query))
    for shown in found:
        print(shown.model_dump_json())
    if not found:
        typer.echo("không có tin nhắn nào như vậy. There is no such notification.", err=True)
        raise typer.Exit(1)


def log_of_notify() -> Notify:
    """For `tungngo republish`. Raises: ValidationError without this service's settings."""
    return Notify(NotifySettings.read())


@cli.command()
def do_not_advertise(
    file: Annotated[Path, typer.Argument(help="The national list, one number a line.")],
    it_is_shorter: Annotated[
        bool, typer.Option("--it-is-shorter", help="Many numbers did leave the list.")
    ] = False,
) -> None:
    """Keep the hashes of those who want no adverts; the list before it is replaced as a whole."""
    settings = NotifySettings.read()
    try:
        with file.open(encoding="utf-8", errors="replace") as lines:
            listed = read_list(lines, settings.installation.keys)
    except NotTheRefusersList:
        raise typer.BadParameter("few of its lines are numbers; nothing was changed") from None
    most = 1.0 if it_is_shorter else settings.do_not_advertise_shrinks
    changed = asyncio.run(_imported(settings, listed, most))
    if isinstance(changed, Comparison):
        raise typer.BadParameter(
            f"{changed.lost} of the {changed.known} numbers known are not in it: is it whole? "
            "nothing was changed; with --it-is-shorter it is taken as it is"
        )
    print(f"{len(listed.keys)} numbers: {changed.added} added, {changed.removed} removed;", end=" ")
    print(f"{listed.unreadable} lines could not be read")


async def _imported(settings: NotifySettings, listed: Listed, most: float) -> Imported | Comparison:
    """The comparison where more than the share `most` would be lost."""
    client = connect(settings.mongo_url.get_secret_value())
    database = client[settings.mongo_database]
    try:
        log = MongoEventLog(database, partitions=settings.partitions)
        ledger, campaigns = MongoLedger(client, database, log), MongoCampaigns(database)
        await ledger.ensure_indexes()
        await campaigns.ensure_indexes()
        compared = await compare(campaigns, listed.keys)
        if compared.share > most:
            return compared
        return await import_list(ledger, campaigns, listed.keys)
    finally:
        client.close()


async def _found(settings: NotifySettings, query: Query) -> list[NotificationHistory]:
    client = connect(settings.mongo_url.get_secret_value())
    database = client[settings.mongo_database]
    try:
        log = MongoEventLog(database, partitions=settings.partitions)
        ledger = MongoLedger(client, database, log)
        return [NotificationHistory.of(n) for n in await ledger.search(query)]
    finally:
        client.close()
