"""`tungngo reporting verify --against-log`."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager

import typer
from pydantic import SecretStr

from services.messaging.amqp import AmqpBroker
from services.messaging.log.completeness import NOTIFY, REGISTRATION
from services.platform.mongo import connect
from services.reporting.log_check.check import LogCheck
from services.reporting.log_check.log_store import Log, ProjectedEvents
from services.reporting.log_check.result_store import Kind, Records, Result
from services.reporting.projecting.bookkeeping import Bookkeeping
from services.reporting.projecting.completeness import GRACE
from services.reporting.settings import ReportingSettings

_NO_LOG = (
    "no_log: chưa nêu cơ sở dữ liệu của nhật ký nào (REPORTING_REGISTRATION_LOG_MONGO_URL, "
    "REPORTING_NOTIFY_LOG_MONGO_URL). Name the database of a log."
)


def compare(*, fresh: bool, publish: bool) -> bool:
    """Whether neither side lacks anything that nobody knows of; says what does."""
    return asyncio.run(_compare(ReportingSettings.read(), fresh=fresh, publish=publish))


async def _compare(settings: ReportingSettings, *, fresh: bool, publish: bool) -> bool:
    async with _logs(settings) as logs, _books(settings) as books:
        if not logs:
            typer.echo(_NO_LOG, err=True)
            raise typer.Exit(1)
        records = Records(books.database)
        check = LogCheck(logs, ProjectedEvents(books.database), records)
        result = await check.run(fresh=fresh)
        await _say(records, result)
        if result.is_complete:
            await _mend_tallies(books, result)
        if publish and any(result.missing.values()):
            broker = AmqpBroker(settings.broker_url.get_secret_value())
            published = await check.publish_missing(broker, settings.partitions)
            typer.echo(f"{published} events published once more to reporting")
        return result.is_complete


async def _say(records: Records, result: Result) -> None:
    for name, compared in result.compared.items():
        for kind in Kind:
            async for found in records.found(kind, name):
                for finding in found:
                    ward = finding.ward.partition("@")[0]
                    typer.echo(f"{name}  {kind}  {ward}  {finding.id}")
        typer.echo(
            f"{name}: {compared} entries compared, {result.missing[name]} missing, "
            f"{result.set_aside[name]} among the dead letters, {result.extra[name]} facts too many"
        )


async def _mend_tallies(books: Bookkeeping, result: Result) -> None:
    """Where all is there and a tally still differs from its log's, it was counted wrong."""
    if any(result.set_aside.values()):
        return
    for partition, state in (await books.progress.all()).items():
        gaps = [of_log.gap for of_log in state.standing.values() if of_log.gap]
        if any(result.at - gap.since > GRACE for gap in gaps):
            await books.progress.count_again(partition)
            typer.echo(f"partition {partition} is counted again")


@asynccontextmanager
async def _logs(settings: ReportingSettings) -> AsyncIterator[Sequence[Log]]:
    """Those whose database is named."""
    named: list[tuple[str, SecretStr | None, str]] = [
        (REGISTRATION, settings.registration_log_mongo_url, settings.registration_log_database),
        (NOTIFY, settings.notify_log_mongo_url, settings.notify_log_database),
    ]
    async with AsyncExitStack() as stack:
        logs = []
        for name, url, database in named:
            if url is not None:
                client = connect(url.get_secret_value())
                stack.callback(client.close)
                logs.append(Log(name, client[database], settings.partitions))
        yield logs


@asynccontextmanager
async def _books(settings: ReportingSettings) -> AsyncIterator[Bookkeeping]:
    client = connect(settings.mongo_url.get_secret_value())
    try:
        yield Bookkeeping(client, settings.mongo_database, settings.partitions)
    finally:
        client.close()
