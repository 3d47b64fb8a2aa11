"""The process behind a port: uvicorn, with connections that are bounded."""

import asyncio
from collections.abc import Sequence
from ipaddress import IPv4Network, IPv6Network
from typing import Protocol

import uvicorn
from fastapi import FastAPI

from services.platform.server.connection import BoundedConnection, bounded
from services.platform.server.limits import Limits

GRACEFUL_SHUTDOWN_S = 10


class ServingSettings(Protocol):
    """What a process that is reached over HTTP must be told."""

    @property
    def host(self) -> str: ...

    @property
    def port(self) -> int: ...

    @property
    def trusted_proxies(self) -> Sequence[IPv4Network | IPv6Network]:
        """Networks of those who may say for whom they ask; nobody, where it is empty."""

    @property
    def limits(self) -> Limits: ...


def serve(app: FastAPI, settings: ServingSettings) -> None:
    """Runs until SIGTERM or Ctrl-C; requests under way get ten seconds to end."""
    BoundedServer(config_of(app, settings)).run()


def config_of(app: FastAPI, settings: ServingSettings) -> uvicorn.Config:
    """`X-Forwarded-For` is read from trusted proxies alone, from the right, past all of them."""
    return uvicorn.Config(
        app,
        host=settings.host,
        port=settings.port,
        loop="uvloop",
        http=bounded(settings.limits),
        ws="none",
        proxy_headers=bool(settings.trusted_proxies),
        forwarded_allow_ips=[str(network) for network in settings.trusted_proxies],
        access_log=False,
        log_config=None,
        server_header=False,
        timeout_graceful_shutdown=GRACEFUL_SHUTDOWN_S,
    )


class BoundedServer(uvicorn.Server):
    """Looks each second for connections that have had their time."""

    async def on_tick(self, counter: int) -> bool:
        if counter % 10 == 0:
            now = asyncio.get_running_loop().time()
            for connection in tuple(self.server_state.connections):
                if isinstance(connection, BoundedConnection):
                    connection.end_if_due(now)
        return await super().on_tick(counter)
