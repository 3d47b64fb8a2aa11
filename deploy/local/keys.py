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


FORMER = {
    "registration_index_key": "registration_former_index_keys",
    "registration_master_key": "registration_former_master_keys",
    "notify_notify_wrap_key": "notify_former_notify_wrap_keys",
}
"""Where a key goes when a new one takes its place."""
_ABOUT = "# former keys, newest first, one a line\n"


def write_missing(folder: Path, mode: int = 0o600) -> None:
    """Fills `folder`; a secret that is there stays as it is, since data depend on it."""
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(0o700)
    for names in KEYS:
        write_shared(folder, names, _random_key, mode)
    for name in FORMER.values():
        write_shared(folder, (name,), lambda: _ABOUT, mode)
    write_shared(folder, (PRIVATE_KEY,), _signing_key, mode)
    public = _public_of((folder / PRIVATE_KEY).read_text())
    write_shared(folder, PUBLIC_KEY_OF, lambda: public, mode)


def renew(folder: Path, key: str) -> list[str]:
    """Puts a new key in the place of one, and keeps that among the former ones, in all its files.

    The files that changed. Raises: KeyError where no former key is kept, FileNotFoundError.
    """
    names = next((names for names in KEYS if key in names), (key,))
    former = next((FORMER[name] for name in names if name in FORMER), FORMER.get(key))
    if former is None:
        raise KeyError(key)
    mode = (folder / key).stat().st_mode & 0o777
    before = (folder / former).read_text() if (folder / former).exists() else _ABOUT
    write(folder / former, f"{(folder / key).read_text().strip()}\n{before}", mode)
    new = _random_key()
    for name in names:
        write(folder / name, new, mode)
    return [former, *names]


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
