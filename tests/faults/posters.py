"""Phones that post while everything around them is killed, and keep what was not answered 200."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from random import Random
from threading import Event, Thread

import httpx

from tests.builders import a_person
from tests.event_data import Json
from tests.eventually import PATIENCE_S
from tests.pipeline.people import Phone

MOST_AT_ONCE = 12
PAUSE_S = 0.05
PAUSE_AFTER_A_FAILURE_S = 0.25
"""Before the next try."""
PEOPLE = 60
"""Known to each phone, so that many are helped more than once."""


@dataclass
class Ledger:
    """What one phone did and was told; the truth that the reports are held against."""

    sent: Counter[str] = field(default_factory=Counter)
    """How often each event was posted."""
    accepted: dict[str, Json] = field(default_factory=dict)
    """Answered `accepted` or `duplicate`."""
    answered_at: dict[str, datetime] = field(default_factory=dict)
    """When each was first answered so, by this machine's clock."""
    voids: list[Json] = field(default_factory=list)
    """Those that were recorded, whether answered or not."""
    told: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    """All results of each event."""
    failures: Counter[str] = field(default_factory=Counter)
    """Uploads without an answer, or with another one than 200."""

    @property
    def standing(self) -> list[Json]:
        """Accepted, and not voided by what was accepted."""
        voids = [e for e in self.accepted.values() if e["type"] == "event.voided.v1"]
        gone = {void["id"] for void in voids} | {void["data"]["event_id"] for void in voids}
        return [event for id_, event in self.accepted.items() if id_ not in gone]


class Poster:
    """One phone; posts singles and batches, some of them twice, until it is told to stop."""

    def __init__(self, phone: Phone, seed: str) -> None:
        self.phone = phone
        self.ledger = Ledger()
        self._draw = Random(seed)
        self._people = [a_person() for _ in range(PEOPLE)]
        self._people_left = self._draw.sample(self._people, PEOPLE)
        self._outbox: list[Json] = []
        self._answered: list[Json] = []
        self._enough, self._halted = Event(), Event()
        self._fault: BaseException | None = None
        self._thread = Thread(target=self._run)
        self._tried = 0

    def uploads(self) -> int:
        """Tried and over, by an answer or without one. Raises: when there will be no more."""
        if self._fault:
            raise RuntimeError(f"the phone of {self.phone.ward} posts no more") from self._fault
        return self._tried

    def start(self) -> None:
        """Begins to post."""
        self._thread.start()

    def halt(self) -> None:
        """Ends it, whatever is left."""
        self._halted.set()

    def finish(self) -> None:
        """Records nothing more, and posts until all is answered. Raises: what went wrong."""
        self._enough.set()
        self._thread.join(PATIENCE_S)
        assert not self._thread.is_alive(), f"{len(self._outbox)} events are still unanswered"
        if self._fault:
            raise self._fault

    def _run(self) -> None:
        try:
            while not self._halted.is_set() and (self._outbox or not self._enough.is_set()):
                if not self._enough.is_set():
                    self._outbox += self._recorded()
                heard = self._upload(self._outbox[: self._draw.randint(1, MOST_AT_ONCE)])
                self._tried += 1
                self._halted.wait(PAUSE_S if heard else PAUSE_AFTER_A_FAILURE_S)
        except BaseException as fault:  # noqa: BLE001  # `finish` tells of it
            self._fault = fault

    def _upload(self, events: list[Json]) -> bool:
        again = self._draw.choices(self._answered, k=2) if self._is_forgetful() else []
        upload = [*events, *again]
        self.ledger.sent.update(event["id"] for event in upload)
        try:
            response = self.phone.send(upload)
        except httpx.HTTPError as error:
            self.ledger.failures[type(error).__name__] += 1
            return False
        if response.status_code != 200:
            assert response.status_code == 503, response.text
            assert response.headers["Retry-After"]
            self.ledger.failures["503"] += 1
            return False
        self._hear(upload, response.json()["results"])
        return True

    def _is_forgetful(self) -> bool:
        return bool(self._answered) and self._draw.random() < 0.1

    def _hear(self, upload: list[Json], results: list[Json]) -> None:
        now = datetime.now(UTC)
        for event, result in zip(upload, results, strict=True):
            assert result["id"] == event["id"]
            assert result["result"] in ("accepted", "duplicate"), result
            self.ledger.told[event["id"]].append(result["result"])
            self.ledger.accepted[event["id"]] = event
            self.ledger.answered_at.setdefault(event["id"], now)
        self._answered += upload
        answered = {event["id"] for event in upload}
        self._outbox = [event for event in self._outbox if event["id"] not in answered]

    def _recorded(self) -> list[Json]:
        """What happens between two uploads: somebody was helped, or more than that."""
        made = [self._visit() for _ in range(self._draw.choice((1, 1, 2, 5)))]
        if self._draw.random() < 0.3:
            made.append(self.phone.knock(person=a_person(address=f"{self._draw.random()} hẻm 1")))
        if self._draw.random() < 0.05:
            made.append(self.phone.void(self._draw.choice(made)))
            self.ledger.voids.append(made[-1])
        if self._people_left and self._draw.random() < 0.1:
            made.append(self.phone.consent(self._people_left.pop()))
        return made

    def _visit(self) -> Json:
        who = self._draw.randrange(2 * PEOPLE)
        return self.phone.visit(person=self._people[who]) if who < PEOPLE else self.phone.visit()


@contextmanager
def posting(posters: Sequence[Poster]) -> Iterator[None]:
    """While the block runs; then until all that was recorded is answered."""
    try:
        for poster in posters:
            poster.start()
        yield
        for poster in posters:
            poster.finish()
    finally:
        for poster in posters:
            poster.halt()


def people_helped(events: list[Json]) -> int:
    """How many different ones, by what the phone knew of them."""
    persons = [event["data"].get("person") for event in visits(events)]
    return len({person["national_id"] for person in persons if person})


def visits(events: list[Json]) -> list[Json]:
    """Visits of service."""
    return [event for event in events if event["type"] == "citizen.assisted.v1"]


def knocks(events: list[Json]) -> list[Json]:
    """Doors."""
    return [event for event in events if event["type"] == "household.visited.v1"]


def consents(events: list[Json]) -> list[Json]:
    """Each is another person's."""
    return [event for event in events if event["type"] == "consent.given.v1"]
