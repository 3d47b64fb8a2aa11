"""Commands for whoever keeps the keys: the sweep by hand, and a change of the master key."""

import asyncio
from collections.abc import Awaitable, Callable

import typer

from services.messaging.event_log import MongoEventLog
from services.platform.mongo import connect
from services.registration.citizens.rotation import reseal_all
from services.registration.citizens.store import MongoRowStore
from services.registration.citizens.sweep import Sweep
from services.registration.citizens.vault import Vault, keys_of
from services.registration.settings import RegistrationSettings

cli = typer.Typer(help="The index of citizens.", no_args_is_help=True)


@cli.command()
def sweep() -> None:
    """Forget people of whom no event stands a day later; the service does so every hour."""
    asyncio.run(_with_rows(_sweep))


@cli.command()
def reseal() -> None:
    """After the master key was changed: seal anew what a former one sealed."""
    asyncio.run(_with_rows(_reseal))


async def _sweep(settings: RegistrationSettings, rows: MongoRowStore) -> None:
    client = connect(settings.mongo_url.get_secret_value())
    log = MongoEventLog(client[settings.mongo_database], partitions=settings.partitions)
    try:
        swept = await Sweep(rows, log.find, log.is_voided).once()
    finally:
        client.close()
    print(f"{swept.settled} rows belong to an event, {swept.forgotten} were forgotten")


async def _reseal(settings: RegistrationSettings, rows: MongoRowStore) -> None:
    print(f"{await reseal_all(rows, Vault(keys_of(settings)))} rows were sealed anew")


async def _with_rows(
    work: Callable[[RegistrationSettings, MongoRowStore], Awaitable[None]],
) -> None:
    settings = RegistrationSettings.read()
    client = connect(settings.citizens_mongo_url.get_secret_value())
    try:
        await work(settings, MongoRowStore(client[settings.citizens_mongo_database]))
    finally:
        client.close()
