"""docker-compose.yml: true to its schema, and to the secrets and settings that it names."""

import json
import re
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar

import pytest
from pydantic_settings import BaseSettings
from ruamel.yaml import YAML

from deploy import compose_secrets
from deploy.local.places import ROOT
from services.messaging.settings import DeadLetterSettings, TopologySettings
from services.notify.settings import NotifySettings
from services.platform.access.auth import Audience, Claims, sign, verify
from services.registration.settings import RegistrationSettings
from services.reporting.settings import ReportingSettings
from tests.eventually import PATIENCE_S

FILE = ROOT / "docker-compose.yml"
COMPOSE: dict[str, Any] = YAML(typ="safe", pure=True).load(FILE)
CONTAINERS: dict[str, dict[str, Any]] = COMPOSE["services"]
S = TypeVar("S", bound=BaseSettings)
THREE = ("registration", "reporting", "notify")
SETTINGS: dict[str, list[type[BaseSettings]]] = {
    "topology": [TopologySettings],
    "operator": [DeadLetterSettings],
    "log-check": [ReportingSettings],
    "registration": [RegistrationSettings],
    "reporting": [ReportingSettings],
    "notify": [NotifySettings],
}


def told(name: str, kind: type[S], secrets: Path, folder: Path) -> S:
    """The settings of a container as it would read them: its variables and its own secrets."""
    container, prefix = CONTAINERS[name], kind.model_config["env_prefix"]
    for secret in container["secrets"]:
        (folder / secret).write_text((secrets / secret).read_text())
    given = {
        variable.removeprefix(prefix).lower(): json.loads(value) if value[:1] == "[" else value
        for variable, value in container["environment"].items()
        if variable.startswith(prefix)
    }
    return kind(_secrets_dir=folder, **given)


def published(name: str) -> str:
    """Where a browser on this machine finds a container."""
    [port] = CONTAINERS[name]["ports"]
    return f"http://{port.rpartition(':')[0]}"


@pytest.fixture(scope="module")
def secrets(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("secrets")
    compose_secrets.write_missing(folder)
    return folder


def test_file_follows_the_compose_specification() -> None:
    checked = subprocess.run(
        [
            *(sys.executable, "-m", "check_jsonschema"),
            *("--builtin-schema", "vendor.compose-spec", str(FILE)),
        ],
        capture_output=True,
        text=True,
        timeout=PATIENCE_S,
    )

    assert checked.returncode == 0, checked.stdout


def test_every_secret_is_made_by_the_generator(secrets: Path) -> None:
    files = {name: Path(secret["file"]) for name, secret in COMPOSE["secrets"].items()}

    assert {file.parent for file in files.values()} == {Path("deploy/secrets")}
    for name, file in files.items():
        assert file.name == name
        assert (secrets / name).read_text()


def test_container_names_only_secrets_that_the_file_declares() -> None:
    used = {secret for container in CONTAINERS.values() for secret in container.get("secrets", ())}

    assert used == set(COMPOSE["secrets"])


def test_no_secret_stands_in_the_file(secrets: Path) -> None:
    text = FILE.read_text()

    assert not [file.name for file in secrets.iterdir() if file.read_text() in text]


def test_services_get_the_secrets_of_their_own_name_alone() -> None:
    for service in THREE:
        assert all(name.startswith(f"{service}_") for name in CONTAINERS[service]["secrets"])


def test_only_registration_may_sign_and_open_the_vault() -> None:
    keys = {"registration_token_private_key", "registration_master_key", "registration_index_key"}
    holders = [n for n, c in CONTAINERS.items() if keys & set(c.get("secrets", ()))]

    assert holders == ["registration"]


def test_only_the_comparison_reads_logs_of_others() -> None:
    urls = {"reporting_registration_log_mongo_url", "reporting_notify_log_mongo_url"}
    holders = [n for n, c in CONTAINERS.items() if urls & set(c.get("secrets", ()))]

    assert holders == ["mongo-init", "log-check"]


def test_images_are_pinned_by_a_version() -> None:
    images = [container["image"] for container in CONTAINERS.values()]
    bases = re.findall(r"^FROM (\S+)", (ROOT / "deploy" / "Dockerfile").read_text(), re.MULTILINE)

    assert bases
    for image in (*images, *bases):
        assert re.search(r":\d+\.\d+", image), image


def test_containers_have_bounds_and_gain_no_privileges() -> None:
    for name, container in CONTAINERS.items():
        assert container["deploy"]["resources"]["limits"].keys() == {"cpus", "memory"}, name
        assert container["cap_drop"] == ["ALL"], name
        assert container["security_opt"] == ["no-new-privileges:true"], name


def test_our_own_containers_cannot_change_their_file_system() -> None:
    ours = [c for c in CONTAINERS.values() if c["image"].startswith("tungngo:")]

    assert len(ours) == len(THREE) + 3
    assert all(container["read_only"] for container in ours)


def test_image_runs_as_nobody_in_particular() -> None:
    dockerfile = (ROOT / "deploy" / "Dockerfile").read_text()

    assert re.search(r"^USER 10001$", dockerfile, re.MULTILINE)


def test_services_wait_for_database_users_and_queues() -> None:
    for service in THREE:
        assert CONTAINERS[service]["depends_on"] == {
            "mongo-init": {"condition": "service_completed_successfully"},
            "topology": {"condition": "service_completed_successfully"},
        }


def test_ports_are_open_to_this_machine_alone() -> None:
    ports = [port for container in CONTAINERS.values() for port in container.get("ports", ())]

    assert ports
    assert all(port.startswith("127.0.0.1:") for port in ports)


@pytest.mark.parametrize("name", ["topology", "operator", "log-check", *THREE])
def test_container_is_told_only_what_its_settings_know(name: str) -> None:
    container = CONTAINERS[name]
    known = {
        f"{kind.model_config['env_prefix']}{field}".lower()
        for kind in SETTINGS[name]
        for field in kind.model_fields
    }

    told = {variable.lower() for variable in container["environment"]} | {*container["secrets"]}
    assert told - known <= {"secrets_dir", "health_url"}


@pytest.mark.parametrize("name", SETTINGS)
def test_container_starts_with_what_it_is_told(name: str, secrets: Path, tmp_path: Path) -> None:
    for kind in SETTINGS[name]:
        assert told(name, kind, secrets, tmp_path)


@pytest.mark.parametrize("kind", [ReportingSettings, NotifySettings])
def test_readers_show_a_token_that_registration_signed(
    kind: type[ReportingSettings | NotifySettings], secrets: Path, tmp_path: Path
) -> None:
    service: Audience = "reporting" if kind is ReportingSettings else "notify"

    reading = told(service, kind, secrets, tmp_path)

    now = datetime.now(UTC)
    private_key = (secrets / "registration_token_private_key").read_text()
    token = sign(Claims(sub="/user/u-1", role="centre"), service, private_key, now)
    assert verify(token, service, reading.token_public_key, now).source == "/user/u-1"
    assert not reading.anonymous_reading


def test_page_of_reporting_may_sign_in_at_registration_and_read_notifys_console(
    secrets: Path, tmp_path: Path
) -> None:
    registration = told("registration", RegistrationSettings, secrets, tmp_path)
    reporting = told("reporting", ReportingSettings, secrets, tmp_path)
    notify = told("notify", NotifySettings, secrets, tmp_path)

    assert reporting.registration_public_url == published("registration")
    assert reporting.notify_public_url == published("notify")
    assert {registration.allowed_origin, notify.allowed_origin} == {published("reporting")}


def test_service_listens_where_its_port_is_published() -> None:
    for service in THREE:
        container = CONTAINERS[service]
        [port] = container["ports"]
        told_port = container["environment"][f"{service.upper()}_PORT"]
        assert port.rpartition(":")[2] == told_port
        assert container["environment"]["HEALTH_URL"] == f"http://127.0.0.1:{told_port}/readyz"
