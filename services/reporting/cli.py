"""`tungngo reporting`: serve, verify, rebuild."""

import asyncio
from collections.abc import Awaitable, Callable, Collection
from typing import Annotated, TypeVar

import typer

from services.platform.mongo import connect
from services.platform.process.memory import collect_rarely
from services.platform.process.telemetry import configure
from services.platform.server.serving import serve as serve_app
from services.reporting.log_check.cli import compare
from services.reporting.main import create
from services.reporting.projecting.bookkeeping import Bookkeeping
from services.reporting.projecting.verify import sentences
from services.reporting.settings import ReportingSettings

T = TypeVar("T")
POLL_S = 0.5

cli = typer.Typer(help="Figures from all events.", no_args_is_help=True)


@cli.command()
def serve() -> None:
    """Run the service until SIGTERM."""
    settings = ReportingSettings.read()
    configure("reporting", settings)
    collect_rarely()
    serve_app(create(settings), settings)


@cli.command()
def verify(
    against_log: Annotated[
        bool, typer.Option("--against-log", help="Compare the facts with the logs instead, by id.")
    ] = False,
    fresh: Annotated[
        bool, typer.Option("--fresh", help="Not on from where an earlier comparison was ended.")
    ] = False,
    publish: Annotated[
        bool, typer.Option("--publish", help="Send what is missing to reporting once more.")
    ] = False,
) -> None:
    """Compare all figures with what the facts come to; ends with 1 where they differ."""
    if against_log:
        raise typer.Exit(0 if compare(fresh=fresh, publish=publish) else 1)
    raise typer.Exit(1 if _with_books(_print_differences) else 0)


@cli.command()
def rebuild(
    wards: Annotated[
        list[str] | None, typer.Argument(help="Codes or keys of wards; none: all.")
    ] = None,
) -> None:
    """Have the running service make figures anew from the facts, a ward at a time, and wait."""
    _with_books(lambda books: _rebuild(books, wards))


async def _print_differences(books: Bookkeeping) -> int:
    wards = wrong = 0
    async for _, difference in books.verify():
        wards += 1
        wrong += bool(difference)
        for sentence in sentences(difference):
            print(sentence)
    print(f"{wards} wards verified, {wrong} with differences")
    return wrong


async def _rebuild(books: Bookkeeping, wards: list[str] | None) -> None:
    recorded = await books.wards()
    asked = frozenset(named(wards, recorded) if wards else recorded)
    await books.requests.ask(asked)
    left = len(asked)
    while waiting := asked & frozenset(await books.requests.open()):
        if len(waiting) != left:
            left = len(waiting)
            print(f"{left} wards to go")
        await asyncio.sleep(POLL_S)
    print(f"{len(asked)} wards made anew")


def named(wards: Collection[str], recorded: Collection[str]) -> set[str]:
    """The keys that are meant; a code means every unit that had it and has figures.

    Raises: typer.BadParameter.
    """
    found = {ward: {k for k in recorded if ward in (k, k.partition("@")[0])} for ward in wards}
    if unknown := [ward for ward, keys in found.items() if not keys]:
        raise typer.BadParameter(
            f"không có số liệu nào của {', '.join(unknown)}; hãy ghi mã hoặc khóa của đơn vị, như "
            f"27343 hay 27343@2025-07-01. There is no figure of {', '.join(unknown)}; name a "
            "ward's code or key, such as 27343 or 27343@2025-07-01."
        )
    return set().union(*found.values())


def _with_books(work: Callable[[Bookkeeping], Awaitable[T]]) -> T:
    settings = ReportingSettings.read()

    async def run() -> T:
        client = connect(settings.mongo_url.get_secret_value())
        try:
            return await work(Bookkeeping(client, settings.mongo_database, settings.partitions))
        finally:
            client.close()

    return asyncio.run(run())
