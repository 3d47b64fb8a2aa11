"""When a phone sends what it recorded: at once, in the evening, days later, some of it twice."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from enum import StrEnum

from demo import parameters as p
from demo.chance import chance, one_of
from demo.faults import edited, fate, spoilt, void_of, voidable
from demo.record import Record
from demo.session import Stop
from demo.setting import Phone
from services.events.envelope import CITY_TIME


class Planned(StrEnum):
    """How a record is meant to be answered when it is sent for the first time."""

    ACCEPTED = "accepted"
    REJECTED = "rejected"
    CONFLICT = "conflict"
    DUPLICATE = "duplicate"


@dataclass(frozen=True, slots=True)
class Sent:
    """A record on its way."""

    record: Record
    planned: Planned


@dataclass(frozen=True, slots=True)
class Upload:
    """What one phone sends in one request; `at` is the true time."""

    at: datetime
    phone: Phone
    sent: tuple[Sent, ...]


class Queue:
    """One phone's records of one day, each with the moment at which the phone sends it."""

    def __init__(self, seed: int, phone: Phone, began_at: datetime) -> None:
        self._phone = phone
        self._draw = chance(seed, "queue", phone.name, began_at.date())
        self._due = defaultdict[datetime, list[Sent]](list)
        self._home_at = self._evening(began_at)

    def take(self, stop: Stop) -> None:
        """All that was recorded at one stop goes together, but for what comes later."""
        due = self._due_at(stop.ended_at)
        for record in stop.records:
            self._take(record, max(due, _just_after(record.at)))

    def uploads(self) -> Iterator[Upload]:
        """In no order; some are sent again, because the answer was lost."""
        for due, sent in self._due.items():
            for part in _parts(sent):
                yield Upload(due, self._phone, part)
                if self._draw.random() < p.RESENT:
                    again = tuple(Sent(s.record, _again(s.planned)) for s in part)
                    later = due + timedelta(seconds=self._draw.randint(20, 600))
                    yield Upload(later, self._phone, again)

    def _take(self, record: Record, due: datetime) -> None:
        match fate(self._draw):
            case "voided" if voidable(record):
                void = void_of(record, self._draw)
                self._put(record, Planned.ACCEPTED, due)
                self._put(void, Planned.ACCEPTED, _just_after(void.at))
            case "rejected":
                self._put(spoilt(record, self._draw), Planned.REJECTED, due)
            case "conflict":
                self._put(record, Planned.ACCEPTED, due)
                self._put(edited(record), Planned.CONFLICT, due + timedelta(minutes=15))
            case _:
                self._put(record, Planned.ACCEPTED, due)

    def _put(self, record: Record, planned: Planned, due: datetime) -> None:
        self._due[due].append(Sent(record, planned))

    def _due_at(self, ended_at: datetime) -> datetime:
        match one_of(p.UPLOADS, self._draw):
            case "at once":
                return ended_at + timedelta(seconds=self._draw.randint(5, 290))
            case "soon":
                return _next_half_hour(ended_at)
            case "evening":
                return max(self._home_at, _just_after(ended_at))
            case "next day":
                return self._home_at.replace(hour=7) + timedelta(days=1)
            case _:
                return self._home_at + timedelta(days=self._draw.randint(2, 5))

    def _evening(self, began_at: datetime) -> datetime:
        home = datetime.combine(began_at.date(), time(20), CITY_TIME)
        return home + timedelta(seconds=self._draw.randint(3_000, 7_100))


def in_order(uploads: Iterable[Upload]) -> Sequence[Upload]:
    """By time; a phone's own in a fixed order."""
    return sorted(uploads, key=lambda u: (u.at, u.phone.name, u.sent[0].record.id))


def _parts(sent: Sequence[Sent]) -> Iterator[tuple[Sent, ...]]:
    return (tuple(sent[n : n + p.BATCH]) for n in range(0, len(sent), p.BATCH))


def _again(planned: Planned) -> Planned:
    return Planned.DUPLICATE if planned is Planned.ACCEPTED else planned


def _just_after(at: datetime) -> datetime:
    return at + timedelta(seconds=5)


def _next_half_hour(at: datetime) -> datetime:
    """When a network is found: within two hours, what was recorded since goes together."""
    slack = timedelta(minutes=60)
    return at + slack - timedelta(minutes=at.minute % 30, seconds=at.second)
