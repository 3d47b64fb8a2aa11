"""HTTP calls to servers on this machine: with the patience of all, and no TLS to prepare.

Of its own accord httpx reads the certificates of the world for each client, and for each
`httpx.get`; that takes longer than the call, and a test that polls takes a core with it.
"""

import ssl
from typing import Any

import httpx

from tests.eventually import PATIENCE_S

_NOBODY = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
"""Trusts no certificate."""


def client() -> httpx.Client:
    """One that keeps its connections."""
    return httpx.Client(timeout=PATIENCE_S, verify=_NOBODY)


def async_client(base_url: str = "") -> httpx.AsyncClient:
    """The same for a test that awaits."""
    return httpx.AsyncClient(base_url=base_url, timeout=PATIENCE_S, verify=_NOBODY)


def get(url: str, *, timeout: float = PATIENCE_S, **more: Any) -> httpx.Response:
    """On a connection of its own. Raises: httpx.HTTPError where nobody answers."""
    return httpx.get(url, timeout=timeout, verify=_NOBODY, **more)


def post(url: str, **more: Any) -> httpx.Response:
    """The same."""
    return request("POST", url, **more)


def request(method: str, url: str, **more: Any) -> httpx.Response:
    """The same."""
    return httpx.request(method, url, timeout=PATIENCE_S, verify=_NOBODY, **more)
