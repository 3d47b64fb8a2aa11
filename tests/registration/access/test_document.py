"""What the OpenAPI document says of who may come in."""

from typing import Any

import httpx
import pytest

from tests.registration.access.gate import API, Gate

OPEN = {("post", "/sessions"), ("post", "/devices")}
"""What needs no token: a password and a code are proof enough."""


@pytest.fixture
async def document(gate: Gate) -> dict[str, Any]:
    answer = await gate.http.get(httpx.URL("https://registration.test/openapi.json"))
    found: dict[str, Any] = answer.json()
    return found


async def test_a_token_or_the_cookie_opens_every_route_but_two(document: dict[str, Any]) -> None:
    either: list[dict[str, list[str]]] = [{"token": []}, {"session": []}]

    secured = {
        (method, path.removeprefix(API)): operation.get("security")
        for path, operations in document["paths"].items()
        if path.startswith(API)
        for method, operation in operations.items()
    }

    assert {route for route, security in secured.items() if not security} == OPEN
    assert all(security in ([], either) for security in secured.values())
    schemes = document["components"]["securitySchemes"]
    assert schemes["token"]["scheme"] == "bearer"
    assert (schemes["session"]["in"], schemes["session"]["name"]) == ("cookie", "__Host-session")


async def test_write_says_that_it_may_be_refused_or_slowed(document: dict[str, Any]) -> None:
    writes = [
        operation
        for path, operations in document["paths"].items()
        for method, operation in operations.items()
        if path.startswith(API) and method != "get" and operation["security"]
    ]
    ours = [operation for operation in writes if operation["tags"] != ["probe"]]

    assert len(ours) > 8
    assert all({"401", "403", "429", "503"} <= o["responses"].keys() for o in ours)


async def test_code_is_drawn_as_svg(document: dict[str, Any]) -> None:
    [answer] = [
        operations["get"]["responses"]["200"]
        for path, operations in document["paths"].items()
        if path.endswith("/qr")
    ]

    assert list(answer["content"]) == ["image/svg+xml"]
