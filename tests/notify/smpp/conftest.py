"""The SMSC of a test, and sessions on it."""

from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Protocol

import pytest

from deploy.local.npm import installed
from services.notify.smpp.bodies import Bind, Message
from services.notify.smpp.client import Account, bound
from services.notify.smpp.codes import Command
from services.notify.smpp.keeper import Backoff
from services.notify.smpp.session import Keep, Session, SessionTerms
from tests.eventually import PATIENCE_S
from tests.notify.smpp.smsc.process import HERE, Smsc, running

WHO = Bind(system_id="tungngo", password="secret")


@pytest.fixture(scope="session")
def smsc_modules() -> Path:
    return installed(HERE)


StartSmsc = Callable[..., Smsc]


@pytest.fixture
def start_smsc(real_processes: None, smsc_modules: Path, tmp_path: Path) -> Iterator[StartSmsc]:
    """Starts one with a behaviour; each ends with the test."""
    with ExitStack() as stack:

        def start(**behaviour: object) -> Smsc:
            number = len(list(tmp_path.glob("smsc-*")))
            output = tmp_path / f"smsc-{number}.jsonl"
            return stack.enter_context(running(smsc_modules, output, **behaviour))

        yield start


async def forget(message: Message) -> None:
    """Keeps nothing."""


class OpenSession(Protocol):
    def __call__(self, smsc: Smsc, keep: Keep = forget, **terms: float) -> Awaitable[Session]: ...


@pytest.fixture
async def open_session() -> AsyncIterator[OpenSession]:
    """A transceiver; each is closed with the test."""
    made: list[Session] = []

    async def open_(smsc: Smsc, keep: Keep = forget, **terms: float) -> Session:
        account = await account_at(smsc, **terms)
        made.append(await bound(account, Command.BIND_TRANSCEIVER, keep))
        return made[-1]

    yield open_
    for session in made:
        await session.close()


async def account_at(smsc: Smsc, **terms: float) -> Account:
    """One whose clients come back soon, and do not wait at the end for an SMSC that is not well."""
    quick = SessionTerms(**({"response_s": PATIENCE_S, "farewell_s": 0.3} | terms))  # type: ignore[arg-type]
    backoff = Backoff(first_s=0.02, longest_s=0.1)
    return Account("127.0.0.1", await smsc.port(), WHO, terms=quick, backoff=backoff)


def an_sms(text: bytes = b"xin chao") -> Message:
    return Message(
        source_addr="UBND",
        destination_addr="84900000001",
        registered_delivery=1,
        short_message=text,
    )
