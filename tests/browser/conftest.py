"""The centre's page on twins, at an address, and a Chromium to look at it."""

import threading
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import contextmanager

import pytest
import uvicorn
from starlette.types import ASGIApp

from deploy.local.chromium import find_or_install
from deploy.local.ports import LOOPBACK, free_port
from deploy.local.sentence import CannotRun
from tests.browser import Seen, look
from tests.reporting.desk import Desk, open_desk

Look = Callable[..., Seen]


@pytest.fixture(scope="session")
def chromium() -> str:
    try:
        return find_or_install()
    except CannotRun as reason:
        pytest.skip(reason.en)


@pytest.fixture
async def city() -> AsyncIterator[Desk]:
    """What the page shows; `page` serves it."""
    async with open_desk() as desk:
        yield desk


@pytest.fixture
def page(real_processes: None, chromium: str, city: Desk) -> Iterator[Look]:
    """Looks at the page; `query` is what stands in its address."""
    with served(city.serve) as address:

        def look_(name: str, query: str = "", width: int = 1280, **given: object) -> Seen:
            return look(chromium, f"{address}/{query}", name, width=width, **given)

        yield look_


@contextmanager
def served(app: ASGIApp) -> Iterator[str]:
    """The address of an app, until the block ends."""
    port = free_port()
    config = uvicorn.Config(app, LOOPBACK, port, log_config=None, lifespan="off", interface="asgi3")
    server = uvicorn.Server(config)
    serving = threading.Thread(target=server.run)
    serving.start()
    try:
        yield f"http://{LOOPBACK}:{port}"
    finally:
        server.should_exit = True
        serving.join()
