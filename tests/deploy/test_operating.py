"""What the operator's pages tell to watch and to type is there."""

import json
import re
import subprocess
import sys
from typing import Any

import click
import pytest
import typer
from prometheus_client import Counter, Gauge, Histogram

from deploy.local.places import ROOT
from services.cli import commands
from services.messaging import metrics as messaging
from services.notify import metrics as notify
from services.notify.settings import NotifySettings
from services.platform.server import observed
from services.platform.settings import ServiceSettings
from services.registration.intake import record
from services.registration.requests import waiting
from services.registration.settings import RegistrationSettings
from services.reporting import metrics as reporting
from services.reporting.settings import ReportingSettings
from tests.deploy.runbook import Typed, typed
from tests.deploy.test_compose import CONTAINERS
from tests.eventually import PATIENCE_S

PAGE = (ROOT / "docs" / "operating" / "README.md").read_text(encoding="utf-8")
WATCHED = set(re.findall(r"^\| `([a-z_]+)[`{]", PAGE, re.MULTILINE))
TARGETS = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))
AT_REST = """
import prometheus_client
from services.{service}.documents import openapi_document
openapi_document()
print(prometheus_client.generate_latest().decode())
"""


@pytest.mark.parametrize("kind", [RegistrationSettings, ReportingSettings, NotifySettings])
def test_front_door_has_the_defaults_that_the_page_tells(kind: type[ServiceSettings]) -> None:
    told = dict(re.findall(r"^\| `([A-Z_]+)` \| `?([0-9\[\]]+)`? \|", PAGE, re.MULTILINE))

    defaults = {name: kind.model_fields[name.lower()].default for name in told}

    assert len(told) == 6
    assert defaults.pop("TRUSTED_PROXIES") == tuple(json.loads(told.pop("TRUSTED_PROXIES")))
    assert defaults == {name: float(value) for name, value in told.items()}


def test_metrics_that_the_page_names_are_measured() -> None:
    measured = {
        f"{family.name}_total" if isinstance(metric, Counter) else family.name
        for module in (messaging, notify, observed, record, reporting, waiting)
        for metric in vars(module).values()
        if isinstance(metric, Counter | Gauge | Histogram)
        for family in metric.collect()
    }

    assert len(WATCHED) > 5
    assert measured >= WATCHED


@pytest.mark.parametrize(
    ("service", "counters"),
    [
        (
            "registration",
            {
                'relay_publish_failures_total{app="registration",reader="events",reason="Refused"}',
                'relay_publish_failures_total{app="registration",reader="events",reason="Unroutable"}',
                'intake_events_total{result="rejected"}',
                'http_requests_total{method="POST",route="/api/registration/v1/events",status="503"}',
            },
        ),
        (
            "reporting",
            {'http_requests_total{method="GET",route="/api/reporting/v1/facts",status="503"}'},
        ),
        (
            "notify",
            {
                'relay_publish_failures_total{app="notify",reader="events",reason="Unconfirmed"}',
                'notify_notifications_total{provider="console",state="unconfirmed"}',
                'consumer_failures_total{queue="notify.events"}',
                'dead_lettered_total{queue="notify.contacts",reason="invalid"}',
                'http_requests_total{method="GET",route="/api/notify/v1/replies",status="503"}',
            },
        ),
    ],
)
def test_counters_that_alarms_look_at_are_there_before_the_first_failure(
    real_processes: None, service: str, counters: set[str]
) -> None:
    done = subprocess.run(
        [sys.executable, "-c", AT_REST.format(service=service)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
        timeout=PATIENCE_S,
    )

    told = dict(
        line.rsplit(" ", 1) for line in done.stdout.splitlines() if line[:1] not in ("", "#")
    )
    assert {name: told.get(name) for name in counters} == dict.fromkeys(counters, "0.0")


@pytest.mark.parametrize("command", typed("tungngo"), ids=str)
def test_command_of_a_page_exists_with_its_options(command: Typed) -> None:
    understood(command.words[1:])


@pytest.mark.parametrize("command", typed("make"), ids=str)
def test_target_of_a_page_exists(command: Typed) -> None:
    _, target, *given = command.words

    assert target in TARGETS
    for argument in given:
        name, _, words = argument.partition("=")
        if (target, name) == ("tungngo", "ARGS"):
            understood(words.split())


@pytest.mark.parametrize("command", typed("docker"), ids=str)
def test_container_of_a_page_exists_and_may_run_what_it_is_told(command: Typed) -> None:
    _, compose, act, *words = command.words

    assert compose == "compose"
    if act == "run":
        rest = [word for word in words if not word.startswith("-") and ":/" not in word]
        container, *told = rest
        understood([*told, *words[words.index(rest[-1]) + 1 :]] or CONTAINERS[container]["command"])
    elif act == "up":
        assert {word for word in words if not word.startswith("-")} <= CONTAINERS.keys()


def understood(words: list[str]) -> None:
    """As the command line takes them apart; nothing is run. Raises: click.UsageError."""
    command: Any = typer.main.get_command(commands())
    context = command.make_context("tungngo", list(words))
    while isinstance(command, click.Group) and (rest := [*context._protected_args, *context.args]):
        name, found, left = command.resolve_command(context, rest)
        assert found is not None
        command, context = found, found.make_context(name, left, parent=context)
    assert not isinstance(command, click.Group) or command.invoke_without_command, words
