"""Holds every "true as of" that is read against what had been answered by then."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from threading import Event, Thread

import httpx

from tests import calls
from tests.eventually import SILENCE_S
from tests.faults.posters import Poster, visits
from tests.stack import Stack

EVERY_S = 0.3
OVERVIEW = "/api/reporting/v1/reports/overview"


@dataclass
class Claims:
    """Reads the wards' reports again and again, until it is told to stop."""

    system: Stack
    posters: Sequence[Poster]
    checked: int = 0
    unsaid: int = 0
    """Read while nobody could say how far the figures are true."""
    unread: int = 0
    false: list[str] = field(default_factory=list)
    longest_stall: timedelta = timedelta()
    _over: Event = field(default_factory=Event)

    def start(self) -> None:
        self._thread = Thread(target=self._run)
        self._thread.start()

    def require_some(self) -> None:
        """Raises: AssertionError until a report has said how far it is true."""
        assert self.checked, f"{self.unread} not read, {self.unsaid} that could not say"

    def finish(self) -> None:
        self._over.set()
        self._thread.join()

    def _run(self) -> None:
        while not self._over.wait(EVERY_S):
            for poster in self.posters:
                try:
                    self._check(poster)
                except httpx.HTTPError:
                    self.unread += 1

    def _check(self, poster: Poster) -> None:
        ward = poster.phone.ward
        answer = calls.get(
            self.system.url("reporting") + OVERVIEW, params={"ward": ward}, timeout=SILENCE_S
        )
        if not answer.is_success:
            self.unread += 1
            return
        told = answer.json()
        if told["true_as_of"] is None:
            self.unsaid += 1
            return
        as_of, figure = datetime.fromisoformat(told["true_as_of"]), told["total"]["figures"]
        least = sure_visits(poster, as_of)
        self.checked += 1
        self.longest_stall = max(self.longest_stall, datetime.now(UTC) - as_of)
        if figure["visits"] < least:
            self.false.append(f"{ward}: {figure['visits']} visits, {least} by {as_of}")


def sure_visits(poster: Poster, by: datetime) -> int:
    """Visits that were answered before that instant, and that nobody ever tried to void."""
    ledger = poster.ledger
    voided = {e["data"]["event_id"] for e in ledger.voids}
    answered = dict(ledger.answered_at)
    return sum(
        answered[event["id"]] < by
        for event in visits(list(dict(ledger.accepted).values()))
        if event["id"] not in voided and event["id"] in answered
    )
