"""Random secrets, made once, each in a file that only its owner reads.

A file is named like the setting that it fills, in lower case; see `services.platform.settings`.
"""

import base64
import os
import secrets
from collections.abc import Callable
from pathlib import Path

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

PRIVATE_KEY = "registration_token_private_key"
PUBLIC_KEY_OF = ("reporting_token_public_key", "notify_token_public_key")
KEYS = (
    ("registration_payload_key",),
    ("registration_index_key",),
    ("registration_master_key",),
    ("registration_notify_wrap_key", "notify_notify_wrap_key"),
)
"""Files that hold one and the same key stand together."""


def write_missing(folder: Path, mode: int = 0o600) -> None:
    """Fills `folder`; a secret that is there stays as it is, since data depend on it."""
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(0o700)
    for names in KEYS:
        write_shared(folder, names, _random_key, mode)
    write_shared(folder, (PRIVATE_KEY,), _signing_key, mode)
    public = _public_of((folder / PRIVATE_KEY).read_text())
    write_shared(folder, PUBLIC_KEY_OF, lambda: public, mode)


def write_shared(folder: Path, names: tuple[str, ...], make: Callable[[], str], mode: int) -> None:
    """One value under all of `names`: the one that is there, else a new one."""
    there = [folder / name for name in names if (folder / name).exists()]
    value = there[0].read_text() if there else make()
    for name in names:
        if not (folder / name).exists():
            write(folder / name, value, mode)


def write(path: Path, value: str, mode: int) -> None:
    """Whatever stood there before."""
    half = path.with_name(f".{path.name}.new")  # a crash here leaves no half a secret
    half.unlink(missing_ok=True)
    with os.fdopen(os.open(half, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "w") as file:
        os.fchmod(file.fileno(), mode)
        file.write(value)
    half.rename(path)


def _random_key() -> str:
    return base64.b64encode(secrets.token_bytes(32)).decode()


def _signing_key() -> str:
    return (
        Ed25519PrivateKey.generate()
        .private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        .decode()
    )


def _public_of(private_pem: str) -> str:
    private = serialization.load_pem_private_key(private_pem.encode(), password=None)
    return (
        private.public_key()
        .public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
        .decode()
    )
