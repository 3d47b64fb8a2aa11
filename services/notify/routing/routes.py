"""Which provider carries an SMS."""

import hashlib
import time
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial

from services.notify import metrics
from services.notify.notification.notification import Notification
from services.notify.providers.provider import (
    HELD_BACK,
    Connected,
    Outcome,
    Provider,
    Sms,
    SurelyNotAccepted,
    Unknown,
)
from services.notify.routing.choice import BUSY, ProviderTraits, RouteChoice
from services.notify.routing.circuit_breaker import CircuitBreaker
from services.notify.routing.rate_limiter import RateLimiter
from services.notify.text.templates import Style
from services.platform.clock import utc_now

LONGEST_BUSY_S = 20.0
"""An attempt is shown to a busy provider no longer than this; another may take it then."""

ElapsedS = Callable[[], float]


@dataclass(frozen=True, slots=True)
class RouteTerms:
    """What an installation decides about one provider."""

    priority: int = 0
    """The lowest that can carry it does."""
    share: int = 1
    """Against the others of its priority."""
    segments_per_s: float | None = None
    price_vnd: int = 0
    busy_patience_s: float = 0
    """So long an attempt is shown to it again while it is busy: it surely was not accepted."""
    turn_s: float = 60
    """An SMS that did not get its turn by then is put off; shorter than its lease."""
    style: Style = field(default_factory=Style)


class Route:
    """One provider and what stands between it and the dispatch."""

    def __init__(
        self, provider: Provider, terms: RouteTerms, elapsed_s: ElapsedS = time.monotonic
    ) -> None:
        self.provider = provider
        self.terms = terms
        self.breaker = CircuitBreaker(elapsed_s)
        self._gate = RateLimiter(terms.segments_per_s, elapsed_s)
        self._elapsed_s = elapsed_s
        self.last_answer_at: datetime | None = None

    @property
    def choice(self) -> RouteChoice:
        """As a draft needs it."""
        return RouteChoice(self.provider.name, self.terms.style, self.provider.channel)

    @property
    def is_connected(self) -> bool | None:
        """None where nothing is kept open between two SMS."""
        return self.provider.is_connected if isinstance(self.provider, Connected) else None

    async def send(self, sms: Sms, segments: int) -> Outcome:
        """Once; where the provider is too busy to take it, again for a while.

        Whoever does not get its turn in time comes back as from a busy provider.
        """
        turn_until = self._elapsed_s() + self.terms.turn_s
        until = self._elapsed_s() + self.terms.busy_patience_s
        while await self._gate.pass_(segments, turn_until):
            outcome = await self.provider.send(sms)
            metrics.count_submission(self.provider.name, outcome)
            self._learn(outcome)
            if not isinstance(outcome, Unknown) and outcome != HELD_BACK:
                self.last_answer_at = utc_now()
            if not _is_busy(outcome) or self._elapsed_s() >= until:
                return outcome
        return SurelyNotAccepted(BUSY, retryable=True)

    def stop(self) -> None:
        """What was not shown to the provider yet is not shown any more."""
        self._gate.close()

    def _learn(self, outcome: Outcome) -> None:
        match outcome:
            case SurelyNotAccepted(reason, _, retry_after_s) if reason == BUSY:
                self._gate.busy(retry_after_s)
            case SurelyNotAccepted("provider_unreachable") | Unknown():
                self.breaker.failed()
            case SurelyNotAccepted(retryable=True):
                pass  # of this SMS or of the account: the provider itself is there
            case _:
                self.breaker.succeeded()
                self._gate.went_well()


class Routes:
    """All ways that an installation has; `paused` are names that somebody stopped for now."""

    def __init__(self, routes: Sequence[Route]) -> None:
        self.all = {route.provider.name: route for route in routes}
        for name, route in self.all.items():
            metrics.PROVIDER_UP.labels(name).set_function(partial(_is_up, route))

    def choose(self, notification: Notification, paused: Collection[str] = ()) -> Route | None:
        """An attempt left open goes back to its own provider; others to who was not tried yet."""
        open_ = notification.unsettled
        if open_ is not None:
            own = self.all.get(open_.provider)
            return own if own and own in self._usable(paused) else None
        tried = {attempt.provider for attempt in notification.attempts}
        usable = list(self._going_back(notification, paused) or self._usable(paused))
        fresh = [route for route in usable if route.provider.name not in tried]
        route = _drawn(_first_of(fresh or usable), notification.id)
        if route:
            route.breaker.try_one()
        return route

    def _going_back(self, notification: Notification, paused: Collection[str]) -> list[Route]:
        """What answers an SMS goes the same way, or by another that sends SMS."""
        if notification.via is None:
            return []
        by_sms = [r for r in self._usable(paused) if r.provider.channel == "sms"]
        return [r for r in by_sms if r.provider.name == notification.via] or by_sms

    def carrier(self, name: str, paused: Collection[str] = ()) -> ProviderTraits:
        """What matters of a provider that answered."""
        route = self.all[name]
        others = (other for other in self._usable(paused) if other is not route)
        return ProviderTraits(
            gives_receipts=route.provider.gives_receipts,
            recognises_repeats=route.provider.recognises_repeats,
            price_vnd=route.terms.price_vnd,
            has_alternative=any(others),
        )

    @property
    def repeating(self) -> frozenset[str]:
        """Those that recognise a repetition."""
        return frozenset(n for n, route in self.all.items() if route.provider.recognises_repeats)

    async def begin(self) -> None:
        """Dials where a connection is kept open."""
        for route in self.all.values():
            if isinstance(route.provider, Connected):
                route.provider.begin()

    def stop(self) -> None:
        """Lets what is under way come to its end, and nothing else begin."""
        for route in self.all.values():
            route.stop()

    async def close(self) -> None:
        """Ends all connections."""
        for route in self.all.values():
            await route.provider.close()

    def _usable(self, paused: Collection[str]) -> Iterable[Route]:
        return (
            route
            for name, route in self.all.items()
            if name not in paused and not route.breaker.is_open
        )


def _is_up(route: Route) -> float:
    return float(route.is_connected is not False and not route.breaker.is_open)


def _first_of(routes: Sequence[Route]) -> list[Route]:
    best = min((route.terms.priority for route in routes), default=0)
    return [route for route in routes if route.terms.priority == best]


def _drawn(routes: Sequence[Route], by: str) -> Route | None:
    """By share; the same notification draws the same, so that a trial can be repeated."""
    if len(routes) < 2:
        return routes[0] if routes else None
    total = sum(route.terms.share for route in routes)
    number = int.from_bytes(hashlib.sha256(by.encode()).digest()[:4]) % total
    for route in routes:
        number -= route.terms.share
        if number < 0:
            return route
    return None


def _is_busy(outcome: Outcome) -> bool:
    return isinstance(outcome, SurelyNotAccepted) and outcome.reason == BUSY
