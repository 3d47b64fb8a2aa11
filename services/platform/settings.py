"""What every service is told when it starts; read once, in its `main`."""

import base64
import json
import os
from typing import Annotated, Self

from pydantic import BeforeValidator, Field, IPvAnyNetwork, SecretStr
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from services.platform.server.limits import Limits


def _decode(value: object) -> object:
    key = base64.b64decode(value, validate=True) if isinstance(value, str) else value
    if isinstance(key, bytes) and len(key) != 32:
        raise ValueError("a key is 32 bytes in base64")
    return key


Key = Annotated[bytes, BeforeValidator(_decode)]
"""32 bytes, given in base64; a setting of this type has `Field(repr=False)`."""


def _listed(value: object) -> object:
    if not isinstance(value, str):
        return value
    if value.lstrip().startswith("["):
        return json.loads(value)
    lines = (line.strip() for line in value.splitlines())
    return tuple(line for line in lines if line and not line.startswith("#"))


Keys = Annotated[tuple[Key, ...], NoDecode, BeforeValidator(_listed)]
"""Former keys, newest first: one a line, or a JSON list; a line with # says something else."""


def settings_from(prefix: str) -> SettingsConfigDict:
    """Variables begin with `prefix`."""
    return SettingsConfigDict(env_prefix=prefix, frozen=True, hide_input_in_errors=True)


class Settings(BaseSettings):
    """What a process is told."""

    @classmethod
    def read(cls) -> Self:
        """From the environment; a secret may be a file in the folder that SECRETS_DIR names."""
        return cls(_secrets_dir=os.environ.get("SECRETS_DIR"))


class ServiceSettings(Settings):
    """What all services need."""

    mongo_url: SecretStr
    mongo_database: str
    broker_url: SecretStr
    host: str = "127.0.0.1"
    port: int
    partitions: int = 4
    log_level: str = "INFO"
    otlp_endpoint: str = ""
    """Where traces go over OTLP/HTTP; empty keeps them off."""
    trusted_proxies: tuple[IPvAnyNetwork, ...] = ()
    """JSON list of networks whose `X-Forwarded-For` is believed; empty: nobody's."""
    max_connections: int = Field(Limits.connections, ge=8)
    max_header_bytes: int = Field(Limits.header_bytes, ge=4 * 1024)
    max_header_s: float = Field(Limits.header_s, gt=0)
    max_body_s: float = Field(Limits.body_s, gt=0)
    max_held_bytes: int = Field(Limits.held_bytes, ge=64 * 1024 * 1024)
    """One upload of 8 MB must find room in it, with what it becomes when it is decoded."""

    @property
    def limits(self) -> Limits:
        """What the front door takes."""
        return Limits(
            connections=self.max_connections,
            header_bytes=self.max_header_bytes,
            header_s=self.max_header_s,
            body_s=self.max_body_s,
            held_bytes=self.max_held_bytes,
        )
