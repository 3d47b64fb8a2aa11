"""What others wrote for such documents finds nothing in ours, and makes clients of them."""

import json
import re
import subprocess
import sys
from pathlib import Path

from deploy.local.npm import NODE
from services.platform.clock import utc_now
from services.registration.openapi import POSTED
from tests.eventually import PATIENCE_S
from tests.openapi import tools
from tests.pipeline.people import Phone

DRAWN = "GET /api/registration/v1/enrolments/{id}/qr within devices."
"""A picture, which no generated client knows how to read."""
BATCHED = "POST /api/registration/v1/events within events."
"""A list of events: the configuration that we give away leaves it out."""
POST = """
import importlib, json, sys
from registration_client import AuthenticatedClient, models
from registration_client.api.events import {module} as route

told = json.load(sys.stdin)
event = models.PostedCitizenAssisted.from_dict(told["event"])
client = AuthenticatedClient(base_url=told["baseUrl"], token=told["token"])
answer = route.sync_detailed(client=client, body=event)
print(json.dumps([result.to_dict() for result in answer.parsed.results]))
"""


def test_redocly_finds_nothing(real_processes: None) -> None:
    assert tools.redocly() == []


def test_spectral_finds_nothing(real_processes: None) -> None:
    assert tools.spectral() == []


def test_parser_of_asyncapi_reads_the_document_and_finds_nothing(real_processes: None) -> None:
    assert tools.asyncapi() == {"read": True, "found": []}


def test_client_that_openapi_typescript_makes_posts_an_event(phone: Phone, tmp_path: Path) -> None:
    program = tools.typescript_client(tmp_path)

    done = subprocess.run(
        [*NODE, str(program)],
        input=asked(phone),
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=PATIENCE_S,
    )

    assert [one["result"] for one in json.loads(done.stdout)] == ["accepted"], done.stderr


def test_client_that_openapi_python_client_makes_posts_an_event(
    phone: Phone, tmp_path: Path
) -> None:
    warned = tools.python_client(tmp_path)
    models = tmp_path / "registration_client" / "models" / "__init__.py"

    done = subprocess.run(
        [sys.executable, "-c", POST.format(module=route_of(tmp_path))],
        input=asked(phone),
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=PATIENCE_S,
    )

    assert set(re.findall("WARNING parsing (.*)", warned)) == {DRAWN, BATCHED}, warned
    for event_class in POSTED:
        assert f"Posted{event_class.__name__}" in models.read_text(encoding="utf-8")
    assert [one["result"] for one in json.loads(done.stdout)] == ["accepted"], done.stderr


def asked(phone: Phone) -> str:
    """A visit, and where and as whom it is posted."""
    told = {"baseUrl": phone.system.url("registration"), "token": phone.token}
    return json.dumps(told | {"event": phone.visit(at=utc_now())})


def route_of(folder: Path) -> str:
    """The module of `POST /events`."""
    [module] = (folder / "registration_client" / "api" / "events").glob("post_events*.py")
    return module.stem
