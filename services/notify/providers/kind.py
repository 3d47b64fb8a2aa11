"""A provider as one declared value: what it is told, how it is made, and what it calls here."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

from fastapi import APIRouter

from services.notify.providers.provider import Provider, ProviderCallbacks
from services.platform.clock import Clock
from services.platform.mongo import Database
from services.platform.settings import ServiceSettings


class ProviderAccess(Protocol):
    """What a provider and we agreed on."""

    @property
    def longest_answer_s(self) -> float:
        """Of one SMS, once it has its turn."""

    @property
    def hosts(self) -> Sequence[str]:
        """Where it sends SMS and secrets; empty: nowhere outside of this process."""

    @property
    def carries_adverts(self) -> bool:
        """Under a brand name alone (Decree 91/2020, article 13)."""


@dataclass(frozen=True, slots=True)
class ProviderParts:
    """What a process gives to the providers that it makes."""

    callbacks: ProviderCallbacks
    clock: Clock
    database: Database
    keys: tuple[bytes, ...]
    """The newest first: it seals what a provider has notify keep."""


S = TypeVar("S", bound=ServiceSettings)
A = TypeVar("A", bound=ProviderAccess)


@dataclass(frozen=True, slots=True)
class ProviderKind(Generic[S, A]):
    """All that the rest of notify knows of one provider; see `catalogue`."""

    name: str
    """As it stands in the plan, in the ledger and in events."""
    settings: type[S]
    access: Callable[[S], A]
    """Raises: ValueError when something that it needs is missing."""
    make: Callable[[A, ProviderParts], Provider]
    """Connects nothing."""
    webhooks: Callable[[S], APIRouter] | None = None
    """What the provider calls."""
