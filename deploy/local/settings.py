"""What the processes on this machine are told: addresses here, keys in files.

A variable that stands in the caller's environment wins over what is said here.
"""

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from deploy.local.places import LOCAL, SECRETS
from deploy.local.ports import LOOPBACK

SERVICES = {"registration": 8101, "reporting": 8102, "notify": 8103}
FILE = LOCAL / "settings.env"


@dataclass(frozen=True)
class Servers:
    """Where the database and the broker answer; `ours` when we started the database."""

    mongo_url: str
    broker_url: str
    ours: bool


def port_of(service: str) -> int:
    """As the caller's environment says, else the usual one."""
    return int(os.environ.get(f"{service.upper()}_PORT", SERVICES[service]))


def address(service: str) -> str:
    """Where it answers on this machine."""
    return f"http://{LOOPBACK}:{port_of(service)}"


def settings(servers: Servers) -> dict[str, str]:
    """The environment of all three services."""
    told = {"SECRETS_DIR": str(SECRETS), **on_servers(servers.mongo_url, servers.broker_url)}
    for service in SERVICES:
        told[f"{service.upper()}_HOST"] = LOOPBACK
        told[f"{service.upper()}_PORT"] = str(port_of(service))
    told |= _of_one_service(servers)
    return told | {name: os.environ[name] for name in told if name in os.environ}


def on_servers(
    mongo_url: str, broker_url: str, database: Callable[[str], str] = str
) -> dict[str, str]:
    """Where services and commands find the broker and each its databases, named by `database`."""
    told = {"MESSAGING_BROKER_URL": broker_url}
    databases = {
        "MESSAGING": "messaging",
        "REGISTRATION_CITIZENS": "citizens",
        **{service.upper(): service for service in SERVICES},
    }
    for prefix, name in databases.items():
        told[f"{prefix}_MONGO_URL"] = mongo_url
        told[f"{prefix}_MONGO_DATABASE"] = database(name)
    for log in ("registration", "notify"):
        told[f"REPORTING_{log.upper()}_LOG_MONGO_URL"] = mongo_url
        told[f"REPORTING_{log.upper()}_LOG_DATABASE"] = database(log)
    return told | {f"{service.upper()}_BROKER_URL": broker_url for service in SERVICES}


def _of_one_service(servers: Servers) -> dict[str, str]:
    # a demo's clock may be set by whoever posts: never on a database that somebody named
    demo = str(servers.ours).lower()
    return {
        "REGISTRATION_ALLOWED_ORIGIN": address("reporting"),
        "REGISTRATION_DEMO": demo,
        "REPORTING_DEMO": demo,
        "NOTIFY_DEMO": demo,
        "REPORTING_ANONYMOUS_READING": "true",
        "REPORTING_REGISTRATION_PUBLIC_URL": address("registration"),
        "REPORTING_NOTIFY_PUBLIC_URL": address("notify"),
        "NOTIFY_ANONYMOUS_READING": "true",
        "NOTIFY_ALLOWED_ORIGIN": address("reporting"),
        "NOTIFY_DELAY_S": "5",  # whoever tries it does not wait half an hour
        "NOTIFY_PROVIDERS": "console",
        "NOTIFY_CONSOLE_FILE": str(LOCAL / "sms.jsonl"),
    }


def remember(told: Mapping[str, str], file: Path = FILE) -> None:
    """So that a command beside `make up` talks to the same servers."""
    file.touch(mode=0o600)
    file.write_text("".join(f"{name}={value}\n" for name, value in told.items()))


def remembered(file: Path = FILE) -> dict[str, str]:
    """Empty when nothing was started here yet."""
    if not file.exists():
        return {}
    lines = file.read_text().splitlines()
    return dict(line.partition("=")[::2] for line in lines)
