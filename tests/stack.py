"""The three services as real processes, on servers, ports and databases of a test's own."""

import tempfile
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from deploy.local import keys
from deploy.local import stack as local
from deploy.local.places import ROOT
from deploy.local.settings import on_servers
from tests.eventually import PATIENCE_S

S = TypeVar("S", bound="Stack")


@dataclass(kw_only=True)
class Stack(local.Stack):
    """A stack that knows where its data are, and waits with the patience of all tests."""

    mongo_url: str
    broker_url: str
    database: str
    """What the names of its databases begin with."""
    patience_s: float = PATIENCE_S


def stack(
    mongo_url: str, broker_url: str, database: str, **settings: str
) -> AbstractContextManager[Stack]:
    """Queues declared, keys made, nothing started yet; everything ends with the block."""
    return stack_of(Stack, mongo_url, broker_url, database, settings)


@contextmanager
def stack_of(
    kind: type[S],
    mongo_url: str,
    broker_url: str,
    database: str,
    settings: Mapping[str, str],
    code: Path = ROOT,
) -> Iterator[S]:
    """The same for a stack of any kind, or of another version's code."""
    with tempfile.TemporaryDirectory(prefix="tungngo-stack-") as name:
        folder = Path(name)
        made = kind(
            folder=folder,
            settings={
                **on_servers(mongo_url, broker_url, lambda part: f"{database}_{part}"),
                "SECRETS_DIR": str(folder / "secrets"),
                "REPORTING_ANONYMOUS_READING": "true",
                "NOTIFY_ANONYMOUS_READING": "true",
                "NOTIFY_CONSOLE_FILE": str(folder / "sms.jsonl"),
                "NOTIFY_DELAY_S": "1",
                **settings,
            },
            code=code,
            mongo_url=mongo_url,
            broker_url=broker_url,
            database=database,
        )
        keys.write_missing(folder / "secrets")
        made.command("topology", "declare")
        try:
            yield made
        finally:
            made.stop()
