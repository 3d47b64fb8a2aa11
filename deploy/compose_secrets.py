"""`make secrets`: what docker-compose.yml reads from `deploy/secrets`, random, made once.

The folder is its owner's alone; its files are readable, because compose hands each container
only the files that it names, and the services in there are not the owner.
"""

import base64
import hashlib
import json
import secrets
from pathlib import Path
from urllib.parse import urlsplit

from deploy.local import keys
from deploy.local.places import ROOT

FOLDER = ROOT / "deploy" / "secrets"
MODE = 0o444
MONGO_USERS = (
    *("registration", "registration_citizens", "reporting", "notify", "messaging"),
    *("reporting_registration_log", "reporting_notify_log"),  # may find events there, no more
)

EXCHANGES = r"readers|(events|private)(\.dead_letters)?"
QUEUES = r"(reporting\.p\d+|notify\.(events|contacts))(\.moving)?"
OURS = f"{EXCHANGES}|{QUEUES}"
NOTHING = "^$"
BROKER_RIGHTS = {
    "messaging": {  # declares all, and gives dead letters back to the queues they came from
        "configure": f"^({OURS})$",
        "write": rf"^({OURS}|amq\.default)$",
        "read": f"^({OURS})$",
    },
    "registration": {"configure": NOTHING, "write": "^(events|readers|private)$", "read": NOTHING},
    "reporting": {
        "configure": NOTHING,
        "write": r"^(readers|events\.dead_letters)$",
        "read": r"^reporting\.p\d+$",
    },
    "notify": {
        "configure": NOTHING,
        "write": r"^(events|readers|events\.dead_letters|private\.dead_letters)$",
        "read": r"^notify\.(events|contacts)$",
    },
}
"""What each user may declare, publish to, and consume from."""


def write_missing(folder: Path = FOLDER) -> None:
    """Fills the folder; what is there stays, but for rights that another version has changed."""
    keys.write_missing(folder, MODE)
    _write(folder, "mongo_keyfile", base64.b64encode(secrets.token_bytes(567)).decode())
    for name in ("mongo_root_password", "broker_admin_password"):
        _write(folder, name, secrets.token_urlsafe(32))
    for user in MONGO_USERS:
        _write(folder, f"{user}_mongo_url", _mongo_url(user))
    for user in BROKER_RIGHTS:
        _write(folder, f"{user}_broker_url", _broker_url(user))
    _write_definitions(folder)


def _write_definitions(folder: Path) -> None:
    path, now = folder / "broker_definitions", definitions(folder)
    before = json.loads(path.read_text()) if path.exists() else {}
    if before.get("permissions") != now["permissions"]:
        keys.write(path, json.dumps(now, indent=2), MODE)


def definitions(folder: Path) -> dict[str, object]:
    """RabbitMQ's users, from the same passwords that the services are given."""
    passwords = {
        user: urlsplit((folder / f"{user}_broker_url").read_text()).password or ""
        for user in BROKER_RIGHTS
    }
    administrator = (folder / "broker_admin_password").read_text()
    everything = {"configure": ".*", "write": ".*", "read": ".*"}
    return {
        "vhosts": [{"name": "/"}],
        "users": [
            *(_user(name, password) for name, password in passwords.items()),
            _user("admin", administrator, "administrator"),
        ],
        "permissions": [
            {"user": user, "vhost": "/", **rights}
            for user, rights in (BROKER_RIGHTS | {"admin": everything}).items()
        ],
    }


def _user(name: str, password: str, *tags: str) -> dict[str, object]:
    salt = secrets.token_bytes(4)
    digest = hashlib.sha256(salt + password.encode()).digest()
    return {
        "name": name,
        "password_hash": base64.b64encode(salt + digest).decode(),
        "hashing_algorithm": "rabbit_password_hashing_sha256",
        "tags": ",".join(tags),
    }


def _write(folder: Path, name: str, value: str) -> None:
    keys.write_shared(folder, (name,), lambda: value, MODE)


def _mongo_url(user: str) -> str:
    password = secrets.token_urlsafe(32)
    return f"mongodb://{user}:{password}@mongo:27017/?replicaSet=rs0&authSource=admin"


def _broker_url(user: str) -> str:
    return f"amqp://{user}:{secrets.token_urlsafe(32)}@rabbitmq:5672/"


if __name__ == "__main__":
    write_missing()
    print(f"✓ {FOLDER}")
