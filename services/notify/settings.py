"""What notify is told when it starts."""

from datetime import timedelta
from enum import StrEnum
from pathlib import Path
from typing import Self

import httpx
from pydantic import Field, SecretStr, model_validator

from services.notify.dispatch import Pace
from services.notify.drafts import House
from services.notify.outcomes import Patience
from services.notify.policy import Rules
from services.notify.smpp_settings import SmppSettings
from services.platform.settings import Key, settings_from

_LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})


class ProviderName(StrEnum):
    """Who carries the SMS."""

    CONSOLE = "console"
    HTTP = "http"
    SMPP = "smpp"


class NotifySettings(SmppSettings):
    """Variables begin with NOTIFY_."""

    model_config = settings_from("NOTIFY_")

    mongo_database: str = "notify"
    port: int = 8103
    token_public_key: str
    anonymous_reading: bool = False
    allowed_origin: str = ""
    """Of the page that may read the console and the notifications; empty: none."""
    notify_wrap_key: Key = Field(repr=False)
    former_notify_wrap_keys: tuple[Key, ...] = Field((), repr=False)
    demo: bool = False
    """The clock follows the events; for a database with sample figures only."""

    provider: ProviderName = ProviderName.CONSOLE
    console_file: Path = Path("console.jsonl")
    http_provider_url: str = ""
    http_provider_token: SecretStr = SecretStr("")
    http_timeout_s: float = Field(default=10.0, gt=0, le=50)
    receipts_secret: SecretStr = SecretStr("")
    """What the provider's webhook must show."""

    delay_s: float = Field(default=1_800, ge=0)
    """After the last event of a visit."""
    poll_s: float = Field(default=0.5, gt=0)
    at_once: int = Field(default=50, ge=1, le=500)
    lease_s: float = Field(default=60, ge=1)
    receipt_wait_s: float = Field(default=72 * 3_600, gt=0)
    accents: bool = False
    sms_a_day: int = Field(default=3, ge=1)
    ward_segments_a_day: int | None = Field(default=None, ge=0)
    prefetch: int = Field(default=20, ge=1, le=100)

    @model_validator(mode="after")
    def _provider_is_told_apart(self) -> Self:
        if self.provider is ProviderName.HTTP:
            self._check_http()
        if self.provider is ProviderName.SMPP:
            self._check_smpp()
        if self.lease_s <= self.longest_answer_s:
            raise ValueError("NOTIFY_LEASE_S must be longer than the provider may take to answer")
        return self

    def _check_http(self) -> None:
        try:
            url = httpx.URL(self.http_provider_url)
        except httpx.InvalidURL as error:
            raise ValueError("NOTIFY_HTTP_PROVIDER_URL is no address") from error
        if url.scheme not in ("http", "https") or not url.host:
            raise ValueError("NOTIFY_HTTP_PROVIDER_URL begins with https:// or http://")
        if self.demo and url.host not in _LOOPBACK:
            raise ValueError("a demo sends nothing to a provider outside of this machine")
        if len(self.receipts_secret.get_secret_value()) < 16:
            raise ValueError("NOTIFY_RECEIPTS_SECRET has at least 16 characters")
        token = self.http_provider_token.get_secret_value()
        if not token.isascii() or any(letter <= " " for letter in token):
            raise ValueError("NOTIFY_HTTP_PROVIDER_TOKEN is ASCII without spaces")

    def _check_smpp(self) -> None:
        if self.demo and self.smpp_access.host not in _LOOPBACK:
            raise ValueError("a demo sends nothing to a provider outside of this machine")

    @property
    def longest_answer_s(self) -> float:
        """Of a provider, to one SMS."""
        if self.provider is ProviderName.SMPP:
            return self.smpp_access.longest_answer_s
        return self.http_timeout_s

    @property
    def house(self) -> House:
        """How this installation sends."""
        rules = Rules(a_day=self.sms_a_day, ward_segments_a_day=self.ward_segments_a_day)
        keys = (self.notify_wrap_key, *self.former_notify_wrap_keys)
        return House(rules, keys, accents=self.accents)

    @property
    def pace(self) -> Pace:
        """How its dispatch works."""
        return Pace(
            delay=timedelta(seconds=self.delay_s),
            at_once=self.at_once,
            lease=timedelta(seconds=self.lease_s),
            poll_s=self.poll_s,
            patience=Patience(receipt_wait=timedelta(seconds=self.receipt_wait_s)),
        )
