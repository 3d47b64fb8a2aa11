"""Who may come in is asked of every address, before anything of theirs is read."""

import ast
from pathlib import Path

import pytest
from fastapi.routing import APIRoute

from services.platform.http.guards import guards_of
from services.platform.http.plain_route import PlainRoute
from tests.apps import routes
from tests.architecture.test_rooms import MODULES, SERVICES, imports, nodes

BASE = "/api/registration/v1"
PUBLIC = {
    ("POST", f"{BASE}/sessions"): "whoever signs in has nothing else to show",
    ("POST", f"{BASE}/devices"): "a phone has its code alone, and sends it in the body",
    ("POST", "/api/notify/v1/providers/zns/events"): "Zalo signs the body itself",
    ("GET", f"{BASE}/about"): "which service answers, and its clock",
    ("GET", "/api/reporting/v1/reports/{name}"): "there is no such report",
    ("GET", "/livez"): "the machine asks",
    ("GET", "/readyz"): "the machine asks",
    ("GET", "/metrics"): "numbers, of nobody",
    ("GET", "/problems"): "what the codes mean",
    ("GET", "/"): "the page is the same for all",
}
OWN_FILES = ("/page/", "/docs")
"""Of the pages; the same for all."""
READS_BODY = frozenset({"body", "stream", "form", "json"})


def name(route: APIRoute) -> str:
    return f"{min(route.methods or {''})} {route.path}"


@pytest.mark.parametrize("route", list(routes()), ids=name)
def test_an_address_has_a_guard_or_a_reason_to_have_none(route: APIRoute) -> None:
    asked = (min(route.methods or {""}), route.path)

    is_public = asked in PUBLIC or route.path.startswith(OWN_FILES)

    assert bool(guards_of(route.dependant)) != is_public


def test_a_route_that_reads_for_itself_is_the_upload_alone() -> None:
    """It asks its guard before it reads; whatever is added here has to."""
    plain = [route.path for route in routes() if isinstance(route, PlainRoute)]

    assert plain == [f"{BASE}/events"]


@pytest.mark.parametrize("path", MODULES, ids=str)
def test_nothing_serves_or_reads_around_the_front_door(path: Path) -> None:
    of = path.relative_to(SERVICES).as_posix()

    imported = {module.partition(".")[0] for module in imports(path)}
    read = {
        node.attr
        for node in nodes(path)
        if isinstance(node, ast.Attribute)
        and isinstance(node.value, ast.Name)
        and node.value.id == "request"
        and node.attr in READS_BODY
    }

    assert "uvicorn" not in imported or of in (
        "platform/server/serving.py",
        "platform/server/connection.py",
    )
    assert not read or of in ("registration/intake/api.py", "notify/providers/webhooks.py")
