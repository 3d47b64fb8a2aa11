"""Commands for whoever keeps the keys: the sweep by hand, and what follows a change of a key."""

import asyncio
import csv
from collections.abc import Awaitable, Callable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from services.messaging.log.store import MongoEventLog
from services.platform.clock import utc_now
from services.platform.mongo import connect
from services.registration.citizens.candidate import Candidates
from services.registration.citizens.identity import Hasher
from services.registration.citizens.reindexing import Listed, move_listed, remove_former
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


@cli.command()
def reindex(
    addresses: Annotated[
        Path | None, typer.Option(help="CSV of ward code and address, to move before they are met")
    ] = None,
) -> None:
    """After the index key or the form of addresses was changed: remove rows in the former one."""
    listed = list(_read(addresses)) if addresses else []
    asyncio.run(_with_rows(partial(_reindex, listed)))


async def _reindex(
    listed: Sequence[Listed], settings: RegistrationSettings, rows: MongoRowStore
) -> None:
    keys = keys_of(settings)
    former = tuple(Hasher(key) for key in keys.former_index)
    candidates = Candidates(Hasher(keys.index), Vault(keys), former)
    await move_listed(listed, rows, candidates, utc_now())
    done = await remove_former(rows, candidates.hasher.key_id)
    print(f"{done.moved} rows moved; {done.under_former_keys} wait under a former key")


def _read(path: Path) -> Iterator[Listed]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        for line in csv.reader(file):
            if len(line) >= 2:
                yield Listed(line[0].strip(), line[1])


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
